// Runs before the page's own scripts: counts what WebGL draws, notes the glyphs put into the label
// atlas, and finds the deck.gl object behind the map.
(() => {
  const drawn = { calls: 0, instances: 0, vertices: 0 };
  const glyphs = new Set();
  // "all", "picks" (only what finds the thing under the pointer, drawn off screen) or "none".
  const wanted = window.__draws ?? "all";
  const isCarriedOut = (gl) =>
    wanted === "all" || (wanted === "picks" && gl.getParameter(gl.FRAMEBUFFER_BINDING) !== null);
  const counters = {
    drawElementsInstanced: (a) => { drawn.instances += a[4]; },
    drawArraysInstanced: (a) => { drawn.instances += a[3]; },
    drawElements: (a) => { drawn.vertices += a[1]; },
    drawArrays: (a) => { drawn.vertices += a[2]; },
  };
  for (const [name, count] of Object.entries(counters)) {
    const original = WebGL2RenderingContext.prototype[name];
    WebGL2RenderingContext.prototype[name] = function (...args) {
      drawn.calls += 1;
      count(args);
      return isCarriedOut(this) ? original.apply(this, args) : undefined;
    };
  }
  for (const kind of [CanvasRenderingContext2D, window.OffscreenCanvasRenderingContext2D]) {
    if (!kind) continue;
    const original = kind.prototype.fillText;
    kind.prototype.fillText = function (text, ...args) {
      // The atlas is drawn letter by letter on a canvas that is never shown; tables draw words.
      if ([...text].length === 1 && !this.canvas.isConnected) glyphs.add(text);
      return original.call(this, text, ...args);
    };
  }

  // React keeps the deck.gl object in a hook of a component above the canvas.
  function deck() {
    const canvas = document.querySelector("#deckgl-overlay");
    let fiber = null;
    for (let node = canvas; node && !fiber; node = node.parentElement) {
      const key = Object.keys(node).find((name) => name.startsWith("__reactFiber$"));
      if (key) fiber = node[key];
    }
    for (let up = fiber, level = 0; up && level < 40; up = up.return, level += 1) {
      for (let hook = up.memoizedState; hook && typeof hook === "object"; hook = hook.next) {
        const held = hook.memoizedState;
        for (const one of [held, held?.current, held?.deck, held?.current?.deck]) {
          if (typeof one?.getViewports === "function") return one;
        }
      }
    }
    return null;
  }

  function leaves() {
    const layers = deck()?.layerManager?.getLayers() ?? [];
    return layers.filter((layer) => !layer.isComposite);
  }

  let quietSince = null;

  window.mapProbe = {
    drawn: () => ({ ...drawn, glyphs: [...glyphs].join("") }),
    forget: () => { drawn.calls = 0; drawn.instances = 0; drawn.vertices = 0; },
    // Drawn down to the foot, not running, and not started again by what the page reports back
    // (such as its size).
    isQuiet: (forMs) => {
      const app = document.querySelector("[data-testid=stApp][data-test-script-state=notRunning]");
      // The browser side marks the language once it listens.
      const isHeard = document.documentElement.lang === "zh-CN";
      if (!isHeard || !app?.querySelector(".page-foot, .kiosk-foot")) quietSince = null;
      else quietSince ??= performance.now();
      return quietSince !== null && performance.now() - quietSince >= forMs;
    },
    isMapDone: () => {
      const layers = deck()?.layerManager?.getLayers() ?? [];
      return layers.length > 0 && layers.every((layer) => layer.isLoaded) && drawn.calls > 0;
    },
    layers: () => Object.fromEntries(
      leaves().map((layer) => [layer.id, layer.getNumInstances?.() ?? 0])),
    texts: () => leaves().flatMap((layer) => {
      const text = layer.parent?.constructor.layerName === "TextLayer" ? layer.parent : null;
      return text ? text.props.data.map((row) => row.t) : [];
    }),
    view: () => {
      const viewport = deck()?.getViewports()[0];
      return viewport && [viewport.longitude, viewport.latitude, viewport.zoom];
    },
    pixel: (lon, lat) => deck()?.getViewports()[0]?.project([lon, lat]),
  };
})();
