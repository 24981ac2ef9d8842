"use strict";
/* Sections, or questions, as steps on one page: switches them without a request. Knows no question's
   rules: one whose questions are all hidden (logic.js) is passed over. For the other scripts:
   form.phieuShow(element) opens the step that holds an element. */
(function () {
  var first = document.querySelector("[data-way]");
  if (!first || !document.querySelector("[data-step]") || !("content" in document.createElement("template"))) return;
  var form = first.form, sections = [], at = 0;
  var progress = form.querySelector(".progress"), kept = document.getElementById("_kept");
  [].forEach.call(form.querySelectorAll("[data-step]"), function (held) {
    var section = held;
    if (held.content) {
      section = document.createElement("section");
      section.setAttribute("data-step", held.getAttribute("data-step"));
      section.appendChild(held.content);
      section.hidden = true;
      held.parentNode.replaceChild(section, held);
    } else {
      at = sections.length;
    }
    sections.push(section);
  });
  if (kept) kept.parentNode.removeChild(kept);

  function is(n) {
    return sections[n] && [].some.call(sections[n].children, function (part) {
      return /question/.test(part.className) && !part.hidden;
    });
  }
  function next(by) {
    var n = at + by;
    while (sections[n] && !is(n)) n += by;
    return sections[n] ? n : -1;
  }
  function button(way) { return form.querySelector("[data-way=" + way + "]"); }
  function draw() {
    var onward = next(1), back = next(-1), open = sections.filter(function (s, n) { return is(n); });
    sections.forEach(function (section, n) { section.hidden = n !== at; });
    button("onward").hidden = onward < 0;
    button("send").hidden = onward >= 0;
    button("back").hidden = back < 0;
    ["name", "formaction"].forEach(function (attribute, n) {
      if (onward < 0) button("enter").removeAttribute(attribute);
      else button("enter").setAttribute(attribute, n ? "#_phan" : "_step");
    });
    [].forEach.call(form.querySelectorAll(".language"), function (other) {
      other.value = "lang." + sections[at].getAttribute("data-step");
    });
    progress.textContent = progress.getAttribute("data-text")
      .replace("{place}", open.indexOf(sections[at]) + 1).replace("{count}", open.length);
  }
  function show(n) {
    if (n < 0) return;
    at = n;
    draw();
    progress.tabIndex = -1;
    progress.focus();
    progress.scrollIntoView();
  }
  form.phieuShow = function (element) {
    sections.forEach(function (section, n) {
      if (section.contains(element) && n !== at) { at = n; draw(); }
    });
  };
  document.addEventListener("click", function (event) {
    var pressed = event.target.closest ? event.target.closest("[data-way],a[href^='#']") : null;
    if (!pressed) return;
    var way = pressed.getAttribute("data-way"), to;
    if (!way) {
      to = document.getElementById(pressed.getAttribute("href").slice(1));
      if (to) form.phieuShow(to);
    } else if (way !== "send") {
      to = next(way === "back" ? -1 : 1);
      if (way === "enter" && to < 0) return;
      event.preventDefault();
      show(to);
    }
  });
  form.addEventListener("reset", function () {
    at = -1;
    at = next(1);
    draw();
  });
  ["input", "change"].forEach(function (what) {
    addEventListener(what, function () { setTimeout(draw); }); // after logic.js
  });
  addEventListener("DOMContentLoaded", draw);
  draw();
})();
