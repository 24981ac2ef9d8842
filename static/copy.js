/* Buttons that copy what read-only fields hold or links lead to; without it, people select and copy. */
(() => {
  if (!navigator.clipboard) return;
  for (const field of document.querySelectorAll("[data-copy]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = field.dataset.look === "text" ? "text-button" : `button ${field.dataset.look || ""}`;
    button.textContent = field.dataset.copy;
    if (field.dataset.what) button.setAttribute("aria-label", `${field.dataset.copy}: ${field.dataset.what}`);
    button.addEventListener("click", async () => {
      if (field.select) field.select();
      await navigator.clipboard.writeText(field.value || field.href);
      button.textContent = field.dataset.copied;
      button.removeAttribute("aria-label");
    });
    field.after(button);
  }
})();
