// A form on a device that many use: leave nothing of the one before. Without scripts the page says
// when it closes; here it also counts down, and empties a form that somebody walked away from.
(function () {
  "use strict";
  var WARN = 105, EMPTY = 120; // seconds without a touch
  var next = document.getElementById("next"), form = document.querySelector("form[data-kiosk]");

  // replace: the page of the one before must not be a step back in the history
  function leave(href) { location.replace(href); }

  // A step back to what was posted would offer to send it, and show it, again: make it a plain page.
  var begun = !!(location.search || document.querySelector(".summary"));
  history.replaceState(null, "", location.pathname);

  // A page kept in memory by the browser would come back filled in.
  addEventListener("pageshow", function (event) {
    if (event.persisted) leave(location.pathname);
  });

  if (next) {
    var left = +next.getAttribute("data-seconds"), shown = document.getElementById("left");
    var count = setInterval(function () {
      left -= 1;
      shown.textContent = left;
      if (left <= 0) { clearInterval(count); leave(next.href); }
    }, 1000);
    next.addEventListener("click", function (event) { event.preventDefault(); leave(next.href); });
  }

  if (form) {
    var idle = 0, warning = document.getElementById("idle");
    function touched() { begun = true; idle = 0; warning.hidden = true; }
    // No "scroll": the browser also scrolls by itself, and tells of it when it can.
    ["pointerdown", "touchstart", "keydown", "input", "wheel"].forEach(function (name) {
      addEventListener(name, touched, { passive: true, capture: true });
    });
    var watch = setInterval(function () {
      if (!begun) return;
      idle += 1;
      if (idle >= WARN) warning.hidden = false;
      if (idle < EMPTY) return;
      clearInterval(watch); // on a slow network a second try would break the first one off
      leave(location.pathname);
    }, 1000);
  }
})();
