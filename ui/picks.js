// Tells Python which element with data-pick was clicked (or chosen with Enter or Space).

export default function (component) {
  const { data, setTriggerValue } = component;
  const found = (event) => {
    const part = event.target instanceof Element && event.target.closest("[data-pick]");
    return part && part.closest(`.st-key-${data.within}`) ? part.dataset.pick : null;
  };
  const onClick = (event) => {
    const value = found(event);
    if (value !== null) setTriggerValue("picked", value);
  };
  const onKey = (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    const value = found(event);
    if (value === null) return;
    event.preventDefault();
    setTriggerValue("picked", value);
  };
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
  return () => {
    document.removeEventListener("click", onClick);
    document.removeEventListener("keydown", onKey);
  };
}
