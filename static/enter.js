/* Paper forms by keyboard alone: Enter goes to the next question, digits and first letters choose,
   Ctrl+Enter keeps the form. Without it Tab, arrows and Space do the same. */
"use strict";
(() => {
  const form = document.querySelector("form[data-paper]");
  const every = selector => [...form.querySelectorAll(selector)];
  const alike = control => every("[name]").filter(c => c.name === control.name && c.type === control.type);
  const isChoice = ({type}) => type === "radio" || type === "checkbox";
  const fold = text => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").trim().toLowerCase();
  const words = choice => fold(choice.closest("label").textContent.replace(/^\s*\d+ /, ""));

  // What Enter comes by: of a group of choices the chosen one, else the first.
  function stops(from) {
    return every("input:not([type=hidden]),select,textarea,button.send").filter(control => {
      if (!control.getClientRects().length || control.tabIndex < 0 || control.disabled) return false;
      if (control === from || !isChoice(control)) return true;
      const group = alike(control);
      return !group.includes(from) && control === (group.find(c => c.checked) || group[0]);
    });
  }

  function onward(from) {
    const all = stops(from), next = all[all.indexOf(from) + 1];
    if (!next) return;
    next.focus();
    if (next.select) next.select();
  }

  function choose(control, group, key) {
    const isDigit = key >= "0" && key <= "9";
    const at = group.indexOf(control);
    const fitting = isDigit ? [group[+key - 1]] : group.slice(at + 1).concat(group.slice(0, at + 1))
      .filter(choice => words(choice).startsWith(fold(key)));
    const [chosen] = fitting;
    if (!chosen) return false;
    chosen.focus();
    if (chosen.type === "radio" || fitting.length === 1) chosen.click();
    if (chosen.type === "radio" && fitting.length === 1) onward(chosen);
    return true;
  }

  form.addEventListener("keydown", event => {
    const {target: on, key} = event;
    if (key === "Enter" && (event.ctrlKey || event.metaKey)) {
      form.requestSubmit(every("button.send").find(button => !button.hidden));
    } else if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) {
      return;
    } else if (key === "Enter") {
      if (!on.name || on.type === "file" || on.tagName === "BUTTON" || event.shiftKey) return;
      onward(on);
    } else if (isChoice(on) && key.length === 1 && key !== " ") {
      if (!choose(on, alike(on), key)) return;
    } else if (on.closest(".parts") && "/.- ".includes(key)) {
      onward(on);
    } else return;
    event.preventDefault();
  });

  // Two digits of a day or month are all there are.
  form.addEventListener("input", ({target, inputType}) => {
    const part = target.closest(".day,.month");
    if (part && inputType === "insertText" && target.value.length === 2) onward(target);
  });

  every("fieldset").forEach(box => {
    const rows = [...box.querySelectorAll(":scope>.row>span")];
    if (rows.length > 1) rows.slice(0, 9).forEach((row, at) => row.prepend(at + 1 + " "));
  });
  const help = document.querySelector("#keys");
  help.hidden = false;
  if (!document.querySelector(".summary")) {
    const first = every("[autofocus]")[0] || stops().find(control => !("keep" in control.dataset));
    first.focus();
    if (first.select) first.select();
  }
})();
