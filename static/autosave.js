/* Pages of a draft save by themselves when an input was changed; the preview beside them is renewed.
   Without this script every form has its button. A save that is refused stays on the page, said in
   words; where somebody else was faster, sending the form shows what the other one changed. */
"use strict";
(() => {
  const all = (what) => [...document.querySelectorAll(what)];
  const say = (text) => all("[data-saved]").forEach((place) => { place.textContent = text; });
  let last = Promise.resolve(true);

  // What builder.js uses, too: posts one act; gives what the server told, or null.
  window.saveDraft = (url, inputs) => {
    const turn = last.then(async () => {
      const revision = document.querySelector("input[name=revision]");
      inputs.set("revision", revision.value);
      let answer, told;
      try {
        answer = await fetch(url, { method: "POST", body: inputs, headers: { Accept: "application/json" } });
        told = await answer.json();
      } catch {
        say(all("[data-saved]")[0].dataset.failed);
        return null;
      }
      if (!answer.ok) return { status: answer.status, ...told };
      all("input[name=revision]").forEach((input) => { input.value = told.revision; });
      say(told.saved);
      return told;
    });
    last = turn.catch(() => null);
    return turn;
  };
  window.renewPreview = () => all("[data-preview]").forEach((frame) => {
    if (frame.offsetParent) frame.contentWindow.location.reload();
  });

  const mark = (form, field, error) => {
    for (const input of form.elements) {
      if (!input.name) continue;
      if (error && input.name === field) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
  };
  const renamed = (form, name) => {
    const before = form.elements.name && form.elements.name.value;
    if (!name || !before || name === before) return;
    all("input[name=name]").forEach((input) => { input.value = name; });
    history.replaceState(null, "", location.pathname.replace(/[^/]+$/, name));
  };
  for (const form of all("form[data-autosave]")) {
    const act = form.querySelector("button[name=act]");
    let dirty = false;
    form.addEventListener("change", async () => {
      const inputs = new FormData(form);
      inputs.set("act", act.value);
      dirty = true;
      const told = await window.saveDraft(form.action, inputs);
      dirty = !told || !told.revision;
      mark(form, told && told.field, told && told.error);
      if (told && told.error) return say(told.error);
      if (!told) return;
      renamed(form, told.name);
      window.renewPreview();
    });
    form.addEventListener("input", () => { dirty = true; });
    form.addEventListener("submit", () => { dirty = false; });
    addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
  }

  // A condition: choosing a question shows its answers at once; without this script a button does.
  const byHand = (hidden) => all("[data-pick]").forEach((button) => { button.hidden = hidden; });
  byHand(true);
  document.addEventListener("change", async (event) => {
    const { form, name } = event.target;
    if (!form || !form.closest("#condition") || !/^question\.\d$/.test(name)) return;
    const inputs = new FormData(form);
    inputs.set("act", "pick");
    let fresh;
    try {
      const page = await fetch(form.action, { method: "POST", body: inputs }).then((answer) => answer.text());
      fresh = new DOMParser().parseFromString(page, "text/html").querySelector("#condition");
    } catch { /* the button stays */ }
    if (!fresh) return byHand(false);
    document.querySelector("#condition").replaceWith(fresh);
    byHand(true);
    fresh.querySelector(`[name="${name.replace("question", "value")}"]`).focus();
  });
})();
