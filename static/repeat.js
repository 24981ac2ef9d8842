"use strict";
/* "Add a person": rows of a repeat come and go without a request. Inputs are <question>.<row>.<child>;
   the server takes any row numbers and drops empty rows. */
(function () {
  function start(group) {
    var name = group.getAttribute("data-repeat"), most = +group.getAttribute("data-most");
    var add = group.querySelector("button[name=_step]");
    if (!add) return;

    function rows() { return [].slice.call(group.querySelectorAll("[data-row]")); }
    function changed() { group.dispatchEvent(new Event("input", { bubbles: true })); }
    function fields(row) { return [].slice.call(row.querySelectorAll("input,select,textarea")); }
    function empty(row) {
      fields(row).forEach(function (field) {
        if (/radio|checkbox/.test(field.type)) field.checked = false;
        else if (field.tagName === "SELECT") field.selectedIndex = 0;
        else field.value = "";
        field.removeAttribute("aria-invalid");
      });
      [].forEach.call(row.querySelectorAll(".error"), function (said) { said.remove(); });
      [].forEach.call(row.querySelectorAll(".wrong"), function (it) { it.classList.remove("wrong"); });
    }
    function moved(row, number) {
      var from = name + "." + row.getAttribute("data-row"), to = name + "." + number;
      [row].concat([].slice.call(row.querySelectorAll("*"))).forEach(function (part) {
        ["id", "name", "for", "aria-describedby"].forEach(function (attribute) {
          var text = part.getAttribute(attribute);
          if (text) part.setAttribute(attribute, text.split(from).join(to));
        });
      });
      row.setAttribute("data-row", number);
    }
    function draw() {
      rows().forEach(function (row, n, all) {
        var drop = row.querySelector(".drop"), heading = row.querySelector("legend");
        heading.textContent = group.getAttribute("data-item") + " " + (n + 1);
        if (!drop) {
          drop = document.createElement("button");
          drop.type = "button";
          drop.className = "drop";
          drop.textContent = group.getAttribute("data-drop");
          drop.onclick = function () {
            if (rows().length > 1) row.remove();
            else empty(row);
            draw();
            changed();
            (add.hidden ? group.querySelector("input") : add).focus();
          };
          row.insertBefore(drop, heading.nextSibling);
        }
        drop.setAttribute("aria-label", drop.textContent + ": " + heading.textContent);
      });
      add.hidden = rows().length >= most;
    }
    add.addEventListener("click", function (event) {
      var all = rows(), last = all[all.length - 1], row = last.cloneNode(true);
      var old = row.querySelector(".drop");
      event.preventDefault();
      if (old) old.remove(); // its click belongs to the other row
      moved(row, +last.getAttribute("data-row") + 1);
      empty(row);
      last.parentNode.insertBefore(row, last.nextSibling);
      draw();
      changed();
      fields(row)[0].focus();
    });
    add.form.addEventListener("reset", function () {
      rows().slice(+group.getAttribute("data-least")).forEach(function (row) { row.remove(); });
      draw();
    });
    draw();
  }
  [].forEach.call(document.querySelectorAll("[data-repeat]"), start);
})();
