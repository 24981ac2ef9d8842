/* The queue: keeps answers on the phone until the server has them, in pages and in sw.js. Fields are
   [name, value] or [name, bytes, media type, file name]. */
"use strict";
const phieu = {};
(() => {
  const FINAL = [400, 403, 404, 410, 413, 415, 422]; // not worth another try
  const {store = "phieu", ready} = self.phieuWay || {}; // assist.js

  // A record is {id, url, title, at, fields}, also `refused`: why; once it arrived, and until seen,
  // {id, title, at, receipt}.

  // Opened anew each time: connections die while a phone sleeps.
  const ask = (verb, value) => new Promise((done, fail) => {
    const opening = indexedDB.open(store, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("records", {keyPath: "id"});
    opening.onerror = fail;
    opening.onsuccess = () => {
      // strict: on the disk, should the battery fall out
      const work = opening.result.transaction("records", "readwrite", {durability: "strict"});
      const asked = work.objectStore("records")[verb](value);
      work.oncomplete = () => done(asked.result);
      work.onabort = fail;
      opening.result.close();
    };
    setTimeout(fail, 3000); // some in-app browsers never answer
  });

  const all = async () => (await ask("getAll")).sort((a, b) => a.at - b.at);
  const waits = record => record && record.fields && !record.refused;

  // One sender per record among tabs and sw.js; others pass by.
  const busy = {};
  async function alone(id, act) {
    if (busy[id]) return {};
    busy[id] = true;
    try {
      return await (navigator.locks
        ? navigator.locks.request(id, {ifAvailable: true}, lock => lock ? act() : {}) : act());
    } finally {
      delete busy[id];
    }
  }

  // Gives {receipt}, {refused, errors}, {} for "later", null without network. Only our id counts:
  // a Wi-Fi's login page says 200, too.
  async function post(record, queued) {
    const hasFiles = record.fields.some(field => field[2]);
    const body = hasFiles ? new FormData() : new URLSearchParams();
    let time = 6e4; // ms
    for (const [name, value, type, fileName] of record.fields) {
      if (fileName) {
        body.append(name, new Blob([value], {type}), fileName);
        time += value.byteLength / 2; // 2 kB/s on a bad day
      } else body.append(name, value);
    }
    body.append("instance_id", record.id);
    if (queued) body.append("_queued_at", record.at);
    const limit = new AbortController(), {signal} = limit, headers = {Accept: "application/json"};
    const timer = setTimeout(() => limit.abort(), time);
    try {
      let told = ready && await ready(record, body, signal);
      if (told) return told;
      const reply = await fetch(record.url, {method: "POST", body, headers, signal});
      const {status} = reply;
      told = await reply.json().catch(() => ({}));
      if ((reply.ok || status === 409) && told.instance_id === record.id) {
        const {id, title, at} = record, {receipt} = told;
        await ask("put", {id, title, at, receipt});
        return told;
      }
      const {error, errors} = told;
      if (!FINAL.includes(status) || !(error || errors || status === 413)) return {};
      return {refused: error || Object.values(errors || {}).join(" ") || status, errors};
    } catch (failure) {
      return null;
    } finally {
      clearTimeout(timer);
    }
  }

  // Sends what waits, oldest first; its people are gone. Gives how many still wait.
  async function flush() {
    for (const {id} of (await all()).filter(waits)) {
      const reply = await alone(id, async () => {
        const record = await ask("get", id);
        if (!waits(record)) return {};
        const told = await post(record, true);
        if (told && told.refused) await ask("put", Object.assign(record, {refused: told.refused}));
        return told;
      });
      if (reply === null) break;
    }
    return (await all()).filter(waits).length;
  }

  Object.assign(phieu, {all, alone, ask, flush, post});
  if (!self.document) return;

  // On a page: bands for what waits, was refused, has arrived (form and time only).

  const one = (selector, within = document) => within.querySelector(selector);
  const arrived = {}; // by id, while this page is open
  let pause, timer, shown;

  // A template's drawing with a record's texts.
  function part(kind, {id, title, at, refused, receipt, count}) {
    const drawn = one("." + kind, one("#parts").content).cloneNode(true);
    const when = new Date(at).toLocaleString(document.documentElement.lang);
    const code = receipt && receipt.replace(/...(?=...)/g, "$& ");
    const texts = {what: title + " · " + when, why: refused, count, code};
    for (const place of drawn.querySelectorAll("[data-text]")) {
      place.textContent = texts[place.dataset.text];
      if (place.tagName === "A") place.href = "/r/" + receipt;
    }
    drawn.dataset.id = id;
    return drawn;
  }

  function draw(records) {
    const waiting = records.filter(waits), bands = [];
    if (waiting.length) bands.push(part("unsent", {count: waiting.length}));
    for (const record of waiting) {
      const entry = part("entry", record), isOld = Date.now() - record.at > 30 * 864e5;
      one(".old", entry).hidden = !isOld;
      one("details", bands[0]).open |= isOld;
      one("ul", bands[0]).append(entry);
    }
    for (const record of records) if (record.refused) bands.push(part("refused", record));
    for (const id in arrived) bands.push(part("arrived", arrived[id]));
    one("#kept").textContent = "";
    one("#kept").append(...bands);
  }

  async function show() {
    const records = await all();
    for (const record of document.hidden ? [] : records.filter(r => r.receipt)) {
      if (!location.pathname.includes(record.receipt)) arrived[record.id] = record;
      await ask("delete", record.id);
    }
    const state = records.map(r => r.id + r.refused) + Object.keys(arrived);
    if (state !== shown) draw(records);
    shown = state;
    return records.filter(waits).length;
  }

  // Comes back while something waits; a tap makes the pauses short again.
  async function tick(eager) {
    if (eager) pause = 5e3;
    try {
      await show();
      await flush();
      again(await show());
    } catch (failure) { /* no storage: nothing is kept here */ }
  }

  function again(left) {
    clearTimeout(timer);
    if (!left) return;
    timer = setTimeout(tick, pause);
    pause = Math.min(2 * pause, 3e5);
  }

  document.addEventListener("click", async ({target}) => {
    const {act, sure} = target.dataset, {id} = (target.closest("[data-id]") || target).dataset;
    if (sure) {
      target.textContent = sure; // the second tap does it
      target.dataset.sure = "";
    } else if (act) {
      if (act === "again") await ask("put", Object.assign(await ask("get", id), {refused: ""}));
      if (act === "drop") await ask("delete", id);
      tick(true);
    }
  });
  addEventListener("online", () => tick(true));
  document.addEventListener("visibilitychange", () => document.hidden || tick(true));
  if (navigator.serviceWorker) navigator.serviceWorker.register("/sw.js").catch(() => 0);
  Object.assign(phieu, {again, show, tick});
  tick(true);
})();
