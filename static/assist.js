/* Assisted entry on a helper's phone. Comes before phieu.js and tells it to use a queue of its own,
   which nobody's page but a helper's opens, and to ask before each post whether the helper whose
   record it is is signed in, and for the session's token. */
"use strict";
(() => {
  const one = selector => document.querySelector(selector);
  let missing = "";

  // Gives nothing when the record may go, else what came of it, as phieu.post does.
  async function ready({url, fields}, body, signal) {
    const reply = await fetch(url, {headers: {Accept: "application/json"}, signal});
    const told = await reply.json().catch(() => ({})), [, account] = fields.find(f => f[0] === "_helper");
    const isOther = told.helper && told.helper !== account;
    if (isOther || reply.status === 403 && told.error) {
      showMissing(account);
      return {};
    }
    if (reply.status === 404 && told.error) return {refused: told.error};
    if (!told.csrf_token) return {}; // a Wi-Fi's login page, a server in trouble
    body.set("csrf_token", told.csrf_token);
    if (missing === account) showMissing("");
  }

  // Says who must sign in, above what waits.
  function showMissing(account) {
    const band = one("#sign-in"), text = one("[data-account]");
    missing = account;
    band.hidden = !account;
    text.textContent = text.dataset.account.split("{account}").join(account);
  }

  // One form a line, as `flask response receive` reads it: files in base64.
  async function line({id, url, at, fields}) {
    const inputs = {}, files = {};
    for (const [name, value, type, fileName] of fields) {
      if (name === "csrf_token") continue;
      if (!fileName) (inputs[name] = inputs[name] || []).push(value);
      else (files[name] = files[name] || []).push({name: fileName, type, content: base64(value)});
    }
    const code = /\/assist\/(\w+)/.exec(url)[1];
    return JSON.stringify({instance_id: id, code, queued_at: at, inputs, files}) + "\n";
  }

  function base64(bytes) {
    let text = "";
    for (const byte of new Uint8Array(bytes)) text += String.fromCharCode(byte);
    return btoa(text);
  }

  async function save() {
    const lines = [], link = document.createElement("a");
    for (const record of await phieu.all()) if (record.fields) lines.push(await line(record));
    link.href = URL.createObjectURL(new Blob(lines, {type: "application/x-ndjson"}));
    link.download = "phieu-chua-gui-" + new Date().toISOString().slice(0, 10) + ".jsonl";
    link.click();
  }

  document.addEventListener("click", ({target}) => {
    if (target.dataset.act === "save") save();
  });
  self.phieuWay = {store: "phieu-helper", ready};
})();
