/* Draws the server's objections beside the questions, as its own page would, so that nothing that
   was typed or photographed is lost. It knows no rule: the texts come from the server. */
"use strict";
(() => {
  const one = (selector, within = document) => within.querySelector(selector);
  const every = (selector, within = document) => Array.from(within.querySelectorAll(selector));
  const controls = form => every("input:not([type=hidden]),select,textarea", form);

  // What is wrong, one line each; false when a question is not on this page.
  function showErrors(form, errors) {
    const parts = one("#error-parts").content, summary = one(".summary", parts).cloneNode(true);
    clearErrors(form);
    for (const name in errors) {
      const control = controls(form).find(c => c.name === name || c.name.startsWith(name + "."));
      const box = control && control.closest(".question"), said = errors[name].join(" ");
      if (!box) return false;
      const line = one(".error", parts).cloneNode(true), label = one(".label", box);
      line.id = control.id + "-error";
      line.append(said);
      box.append(line);
      box.classList.add("wrong");
      const marked = control.type === "radio" ? box : control;
      marked.setAttribute("aria-invalid", true);
      const ties = (marked.getAttribute("aria-describedby") || "").split(" ");
      marked.setAttribute("aria-describedby", ties.filter(id => id !== line.id).concat(line.id).join(" "));
      const link = document.createElement("a"), entry = document.createElement("li");
      const asked = label ? label.firstChild.textContent.trim().replace(/[?:]+$/, "") + ": " : "";
      link.href = "#" + control.id;
      link.textContent = asked + said;
      entry.append(link);
      one("ul", summary).append(entry);
    }
    one("h1").before(summary);
    document.title = summary.dataset.title;
    summary.focus({preventScroll: true}); // its own way leads to the middle of a long list
    summary.scrollIntoView();
    return true;
  }

  function clearErrors(form) {
    document.title = one("h1").textContent;
    every(".summary,.question>.error").forEach(old => old.remove());
    every(".wrong", form).forEach(box => box.classList.remove("wrong"));
    every("[aria-invalid]", form).forEach(control => control.removeAttribute("aria-invalid"));
  }

  Object.assign(phieu, {showErrors, clearErrors});
})();
