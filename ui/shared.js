// What stands before the script of every component of ours (ui/component.py).

function element(name, className, parent, attributes = {}) {
  const made = document.createElement(name);
  made.className = className;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  parent.append(made);
  return made;
}

// A component that outlives the runs of its page: ``make`` builds it once, ``show`` gets every run's data,
// ``end`` is called when its place in the page is gone.
function lasting(make) {
  const made = new WeakMap();
  return (component) => {
    const { data, parentElement } = component;
    let one = made.get(parentElement);
    if (!one) {
      one = make(parentElement, data.words);
      made.set(parentElement, one);
    }
    one.show(data, component);
    return () => {
      if (parentElement.isConnected) return;
      one.end();
      made.delete(parentElement);
    };
  };
}

// Streamlit writes the address at every change: until ``countSteps`` none of these is a step of its own in
// the browser's history, or only the first one.
function skipSteps(isFirstOne) {
  let isOne = isFirstOne;
  window.history.pushState = (...address) => {
    const write = isOne ? History.prototype.pushState : History.prototype.replaceState;
    isOne = false;
    write.apply(window.history, address);
  };
}

function countSteps() { delete window.history.pushState; }
