"use strict";
/* A signature drawn with a finger, sent as a data URL in the hidden input beside it. Without it, and
   for whoever leaves the box empty, the printed form is signed. */
(function () {
  var LONGEST = 60000;

  function start(input) {
    var pad = input.parentNode.querySelector(".pad"), canvas = pad.querySelector("canvas");
    var pen = canvas.getContext("2d"), last = null;

    function clear() {
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, canvas.width, canvas.height);
    }
    function place(event) {
      var box = canvas.getBoundingClientRect();
      return [
        (event.clientX - box.left) * canvas.width / box.width,
        (event.clientY - box.top) * canvas.height / box.height
      ];
    }
    function draw(event) {
      if (!last) return;
      var to = place(event);
      pen.beginPath();
      pen.moveTo(last[0], last[1]);
      pen.lineTo(to[0], to[1]);
      pen.stroke();
      last = to;
      event.preventDefault();
    }
    function keep() {
      if (!last) return;
      last = null;
      var drawn = canvas.toDataURL("image/png");
      input.value = drawn.length > LONGEST ? "" : drawn;
      if (!input.value) clear();
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }
    canvas.addEventListener("pointerdown", function (event) {
      last = place(event);
      if (canvas.setPointerCapture) canvas.setPointerCapture(event.pointerId);
      draw(event);
    });
    canvas.addEventListener("pointermove", draw);
    canvas.addEventListener("pointerup", keep);
    canvas.addEventListener("pointercancel", keep);
    function again() {
      clear();
      input.value = "";
    }
    pad.querySelector("button").onclick = again;
    input.form.addEventListener("reset", again);
    pen.lineWidth = 4;
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = "#123";
    clear();
    if (input.value) {
      var before = new Image();
      before.onload = function () { pen.drawImage(before, 0, 0, canvas.width, canvas.height); };
      before.src = input.value;
    }
    pad.hidden = false;
    document.getElementById(input.name).hidden = true;
  }
  if (window.PointerEvent) {
    [].forEach.call(document.querySelectorAll("[data-signature]"), start);
  }
})();
