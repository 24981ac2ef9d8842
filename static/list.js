/* A list by keys: j, k or arrows go from line to line, Enter opens, x ticks. Links and boxes do it, too. */
(() => {
  const lines = [...document.querySelectorAll("[data-keys] tbody tr")];
  const steps = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };
  document.addEventListener("keydown", (event) => {
    const on = event.target;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (on.closest("input:not([type=checkbox]),select,textarea,summary")) return;
    const at = lines.indexOf(on.closest("tr"));
    if (event.key === "x" && at >= 0) lines[at].querySelector("[type=checkbox]")?.click();
    if (!(event.key in steps)) return;
    if (event.key.length > 1 && at < 0) return; // arrows scroll until a line is entered
    const next = lines[Math.min(Math.max(at + steps[event.key], 0), lines.length - 1)];
    next?.querySelector("th a").focus();
    event.preventDefault();
  });
})();
