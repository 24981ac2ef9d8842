/* Ticks off what this browser can do and writes it as a code of six signs, which
   views/worker/self_test.py reads: 14 ticks, Chromium's version, a check sign. Sends nothing. */
"use strict";
(() => {
  const ALPHABET = "23456789CFGHJKLMNPQRTVX", OLDEST = 40;
  const one = selector => document.querySelector(selector);
  const list = one(".checks"), photo = one("#photo"), agent = navigator.userAgent;
  const chrome = /Chrom(?:e|ium)\/(\d+)/.exec(agent), version = chrome ? Number(chrome[1]) : 0;

  function probe() {
    const input = document.createElement("input");
    input.type = "file";
    const isFile = input.type === "file" && !input.disabled;
    return {
      worker: "serviceWorker" in navigator,
      files: isFile,
      camera: isFile && "capture" in input,
      audio: document.createElement("audio").canPlayType("audio/mpeg") !== "",
      sync: "SyncManager" in self,
      persist: "storage" in navigator && "persist" in navigator.storage,
      locks: "locks" in navigator,
      uuid: "randomUUID" in crypto,
      secure: isSecureContext,
      wide: screen.width >= 360,
      zalo: /Zalo/i.test(agent),
    };
  }

  function keepsDraft() {
    try {
      localStorage.setItem("phieu-test", "1");
      localStorage.removeItem("phieu-test");
      return true;
    } catch (failure) {
      return false;
    }
  }

  // Not whether it is there but whether it writes: private windows have it and refuse.
  const keepsAnswers = () => phieu.ask("count").then(() => true, () => false);

  function code(ticks) {
    const age = Math.min(Math.max(version - OLDEST + 1, 0), 255);
    let number = ticks.reduce((bits, tick, at) => bits + (tick ? 1 << at : 0), age << 14);
    const digits = [];
    for (let place = 0; place < 5; place++) {
      digits.unshift(number % 23);
      number = Math.floor(number / 23);
    }
    digits.push(digits.reduce((sum, digit) => (sum * 5 + digit) % 23, 0) * 5 % 23);
    return digits.map(digit => ALPHABET[digit]).join("");
  }

  function show(can) {
    const entries = Array.from(list.children), ticks = entries.map(e => can[e.dataset.check]);
    entries.forEach((entry, at) => {
      const tick = entry.querySelector(".tick"), word = ticks[at] ? "yes" : "no";
      tick.className = "tick " + word;
      tick.textContent = list.dataset[word];
    });
    one("#report .code").textContent = code(ticks).replace(/...(?=...)/, "$& ");
    one("#report .screen").textContent = `${screen.width}×${screen.height}`
      + (version ? ` · Chromium ${version}` : "");
    one("#report").hidden = one("#try").hidden = false;
  }

  const can = probe();
  can.draft = keepsDraft();
  keepsAnswers().then(keeps => {
    can.queue = keeps;
    show(can);
  });
  photo.addEventListener("change", () => {
    can.chosen = photo.files.length > 0;
    show(can);
  });
})();
