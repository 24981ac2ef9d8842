/* Keeps what is typed on this phone until it is sent, for a page that was closed by mistake. It
   never keeps what stands in data-private (ID numbers, sensitive answers, consents) nor files. */
"use strict";
(() => {
  const LASTS = 3 * 864e5, PREFIX = "phieu-draft ";
  const form = document.querySelector("[data-queue]"), offer = document.querySelector("#draft");
  if (!form) return;
  const key = PREFIX + form.getAttribute("action").split("?")[0].toUpperCase();
  let timer;

  const isTick = control => /radio|checkbox/.test(control.type);
  const controls = () => Array.from(form.querySelectorAll("input,select,textarea")).filter(
    control => !/hidden|file|password/.test(control.type) && !/^_/.test(control.name)
      && !control.closest("[data-private]"));

  function typed() {
    const answers = [];
    for (const control of controls()) {
      if (isTick(control) ? control.checked : control.value) {
        answers.push([control.name, control.value]);
      }
    }
    return answers;
  }

  function keep() {
    clearTimeout(timer);
    const answers = typed();
    if (answers.length) localStorage.setItem(key, JSON.stringify({at: Date.now(), answers}));
    else localStorage.removeItem(key);
  }

  function forget() {
    clearTimeout(timer);
    localStorage.removeItem(key);
    offer.hidden = true;
  }

  function fill(answers) {
    for (const control of controls()) {
      const at = answers.findIndex(([name, value]) => name === control.name
        && (!isTick(control) || value === control.value));
      if (at < 0) continue;
      if (isTick(control)) control.checked = true;
      else control.value = answers.splice(at, 1)[0][1]; // equal names: each its own, in order
      control.dispatchEvent(new Event("input", {bubbles: true}));
      control.dispatchEvent(new Event("change", {bubbles: true}));
    }
  }

  // Those of other forms, too; a clock that jumped counts as time that went by.
  function dropOld() {
    for (const name of Object.keys(localStorage).filter(name => name.startsWith(PREFIX))) {
      const kept = JSON.parse(localStorage.getItem(name));
      if (!(Math.abs(Date.now() - kept.at) < LASTS)) localStorage.removeItem(name);
    }
  }

  try {
    dropOld();
    const kept = JSON.parse(localStorage.getItem(key));
    offer.addEventListener("click", ({target}) => {
      if (target.value === "on") fill(kept.answers);
      if (target.value === "off") forget();
      if (target.value) offer.hidden = true;
    });
    // Where the server filled something in, the page itself has what was typed.
    offer.hidden = !kept || typed().length > 0;
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(keep, 400);
    });
    form.addEventListener("reset", forget); // send.js, when the answers are safe
    addEventListener("pagehide", () => { if (timer) keep(); });
  } catch (failure) { /* no storage: no draft */ }
})();
