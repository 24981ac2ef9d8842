/* A button that copies what a read-only field holds; without it, people select and copy. */
(() => {
  const field = document.querySelector("[data-copy]");
  if (!field || !navigator.clipboard) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = `button ${field.dataset.look || ""}`;
  button.textContent = field.dataset.copy;
  button.addEventListener("click", async () => {
    field.select();
    await navigator.clipboard.writeText(field.value);
    button.textContent = field.dataset.copied;
  });
  field.after(button);
})();
