// A large button instead of the browser's own controls, which are small and differ on every phone.
// One voice at a time; without scripts the controls stay.
(function () {
  "use strict";
  var playing = null;
  Array.prototype.forEach.call(document.querySelectorAll(".listen"), function (place) {
    var voice = place.querySelector("audio"), button = place.querySelector("button");
    var listen = button.textContent, stop = button.getAttribute("data-stop");
    voice.controls = false;
    voice.hidden = true;
    button.hidden = false;
    function rest() { button.textContent = listen; if (playing === voice) playing = null; }
    voice.addEventListener("pause", rest);
    voice.addEventListener("ended", rest);
    voice.addEventListener("error", function () { voice.hidden = false; voice.controls = true; rest(); });
    button.addEventListener("click", function () {
      if (playing === voice) { voice.pause(); return; }
      if (playing) playing.pause();
      playing = voice;
      voice.currentTime = 0;
      button.textContent = stop;
      var begun = voice.play();
      if (begun && begun.catch) begun.catch(rest);
    });
  });
})();
