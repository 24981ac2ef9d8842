/* The phone's own sharing (Zalo, messages) for a link; where there is none, the button stays away. */
(() => {
  const field = document.querySelector("[data-share]");
  if (!field || !navigator.share) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button plain";
  button.textContent = field.dataset.share;
  button.addEventListener("click", () => {
    navigator.share({ title: field.dataset.title, url: field.value }).catch(() => {});
  });
  field.parentNode.append(button);
})();
