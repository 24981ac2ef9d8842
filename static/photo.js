"use strict";
/* Photos: made small on the phone (no place, no time, about 150 KB), shown, removed again. Without it
   the server does the same. For the script that sends in place of the browser: input.phieuFiles is
   the list of Files to send under input.name; it is complete when input.phieuBusy is 0. */
(function () {
  var SIDE = 1280, QUALITY = 0.7;

  function decoded(file) {
    function byImage() {
      return new Promise(function (done, failed) {
        var image = new Image();
        image.onload = function () { done(image); };
        image.onerror = failed;
        image.src = URL.createObjectURL(file);
      });
    }
    if (!window.createImageBitmap) return byImage();
    try {
      return createImageBitmap(file, { imageOrientation: "from-image" }).catch(byImage);
    } catch (old) {
      return byImage();
    }
  }
  function small(file) {
    if (!/^image\/(?!svg)/.test(file.type)) return Promise.resolve(file);
    return decoded(file).then(function (image) {
      var scale = Math.min(1, SIDE / Math.max(image.width, image.height));
      var canvas = document.createElement("canvas"), pen = canvas.getContext("2d");
      canvas.width = Math.max(1, Math.round(image.width * scale));
      canvas.height = Math.max(1, Math.round(image.height * scale));
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.drawImage(image, 0, 0, canvas.width, canvas.height);
      return new Promise(function (done) { canvas.toBlob(done, "image/jpeg", QUALITY); });
    }).then(function (blob) {
      return blob ? new File([blob], "anh.jpg", { type: "image/jpeg" }) : file;
    }).catch(function () { return file; }); // the server says what is wrong with it
  }
  function start(input) {
    var most = +input.getAttribute("data-most"), name = input.getAttribute("data-name");
    var list = document.createElement("ul"), told = document.createElement("p");
    var canPut = true;
    list.className = "photos";
    told.className = "told";
    told.setAttribute("role", "status");
    input.parentNode.insertBefore(list, input.nextSibling);
    input.parentNode.insertBefore(told, list);
    input.phieuFiles = [];
    input.phieuBusy = 0;

    function put() {
      try {
        var held = new DataTransfer();
        input.phieuFiles.forEach(function (file) { held.items.add(file); });
        input.files = held.files;
      } catch (old) { // an old browser sends what was chosen last
        canPut = false;
      }
    }
    function draw() {
      var files = input.phieuFiles;
      list.textContent = "";
      files.forEach(function (file, n) {
        var item = document.createElement("li"), drop = document.createElement("button");
        var picture = new Image(), words = document.createElement("span");
        words.textContent = file.name;
        picture.onerror = function () { item.replaceChild(words, picture); };
        picture.src = URL.createObjectURL(file);
        picture.alt = name + " " + (n + 1);
        drop.type = "button";
        drop.textContent = input.getAttribute("data-drop");
        drop.setAttribute("aria-label", drop.textContent + ": " + name + " " + (n + 1));
        drop.onclick = function () {
          files.splice(n, 1);
          put();
          draw();
          input.focus();
        };
        item.appendChild(picture);
        item.appendChild(drop);
        list.appendChild(item);
      });
      told.textContent = input.phieuBusy ? input.getAttribute("data-wait")
        : files.length ? files.length + " / " + most : "";
    }
    // The next person on this phone must not send them along.
    input.form.addEventListener("reset", function () {
      input.phieuFiles = [];
      draw();
    });
    input.addEventListener("change", function () {
      var chosen = [].slice.call(input.files), before = canPut ? input.phieuFiles : [];
      input.phieuBusy += 1;
      draw();
      Promise.all(chosen.map(small)).then(function (files) {
        // One too many stays, so that the answer says how many there may be.
        input.phieuFiles = before.concat(files).slice(0, most + 1);
        input.phieuBusy -= 1;
        put();
        draw();
      });
    });
  }
  if (window.Promise && window.File && HTMLCanvasElement.prototype.toBlob) {
    [].forEach.call(document.querySelectorAll("input[type=file][data-most]"), start);
  }
})();
