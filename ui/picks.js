// Tells Python which element with data-pick was clicked (or chosen with Enter or Space).

export default function (component) {
  const { setTriggerValue } = component;
  const pick = (event) => {
    const part = event.target instanceof Element && event.target.closest("[data-pick]");
    if (part) setTriggerValue("picked", part.dataset.pick);
    return Boolean(part);
  };
  const onKey = (event) => {
    if ((event.key === "Enter" || event.key === " ") && pick(event)) event.preventDefault();
  };
  document.addEventListener("click", pick);
  document.addEventListener("keydown", onKey);
  return () => {
    document.removeEventListener("click", pick);
    document.removeEventListener("keydown", onKey);
  };
}
