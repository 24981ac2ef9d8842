/* The board of a draft: drag a question to its place, or move it with Alt+↑ and Alt+↓. Every act is
   the post that the buttons make without this script; autosave.js, joined behind, sends it. */
"use strict";
(() => {
  let board = document.querySelector("[data-board]");
  if (!board) return;
  const card = (of) => of.closest && of.closest("[data-question]");
  const plainly = (button) => {
    button.form.dataset.plain = "1";
    button.form.requestSubmit(button);
  };

  // Take the board anew from the server, and bring the focus back to where it was.
  const renew = async (name, value) => {
    const page = await fetch(location.href.split("#")[0]).then((answer) => answer.text());
    const fresh = new DOMParser().parseFromString(page, "text/html");
    const next = fresh.querySelector("[data-board]");
    if (!next) return location.reload();
    board.replaceWith(next);
    board = next;
    const acts = fresh.querySelector("main > .actions");
    document.querySelector("main > .actions").replaceWith(acts);
    begin();
    const moved = name && document.getElementById(`q-${name}`);
    const button = moved && moved.querySelector(`button[value="${value}"]`);
    if (button) button.focus();
    if (moved) moved.scrollIntoView({ block: "nearest" });
    window.renewPreview();
  };
  let last = Promise.resolve(); // one after the other: a board that came late would be an old one
  const post = (inputs, name, button) => {
    last = last.then(async () => {
      const told = await window.saveDraft(board.dataset.action, inputs);
      if (told && told.revision) await renew(name, button.value);
      else if (told && told.status === 409) plainly(button); // shows what the other one changed
      else if (told) location.reload();
    });
  };
  const press = (button) => {
    const inputs = new FormData(button.form);
    inputs.set("act", button.value);
    post(inputs, button.form.elements.name && button.form.elements.name.value, button);
  };

  let dragged = null;
  const target = (event) => card(event.target) || event.target.closest(".empty, .section-head");
  const clear = () => board.querySelectorAll(".is-target").forEach((e) => e.classList.remove("is-target"));
  const drop = (event) => {
    const place = target(event);
    if (!dragged || !place || place === dragged) return;
    event.preventDefault();
    const button = dragged.querySelector('button[value="move:up"]');
    const inputs = new FormData(button.form);
    inputs.set("act", "move");
    if (card(place)) inputs.set("after", place.dataset.question);
    else inputs.set("section", place.closest("[data-section]").dataset.section);
    post(inputs, dragged.dataset.question, button);
  };
  function begin() {
    board.querySelector("[data-keys]").hidden = false;
    board.querySelectorAll("[data-question]").forEach((one) => { one.draggable = true; });
    board.addEventListener("dragstart", (event) => {
      dragged = card(event.target);
      if (!dragged) return;
      dragged.classList.add("is-dragged");
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", dragged.dataset.question);
    });
    board.addEventListener("dragover", (event) => {
      clear();
      if (!dragged || !target(event)) return;
      event.preventDefault();
      target(event).classList.add("is-target");
    });
    board.addEventListener("dragend", () => {
      clear();
      if (dragged) dragged.classList.remove("is-dragged");
      dragged = null;
    });
    board.addEventListener("drop", drop);
    board.addEventListener("submit", (event) => {
      const button = event.submitter;
      if (event.target.dataset.plain || !button || !event.target.matches(".card-acts, .section-head form")) return;
      event.preventDefault();
      press(button);
    });
    board.addEventListener("keydown", (event) => {
      const way = { ArrowUp: "up", ArrowDown: "down" }[event.key];
      const one = card(event.target);
      if (!event.altKey || !way || !one) return;
      event.preventDefault();
      press(one.querySelector(`button[value="move:${way}"]`));
    });
  }
  begin();
})();
