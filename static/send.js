/* Takes a form's answers over from the browser: into the queue of phieu.js first, then to the
   server, while the person waits a bounded time. Without it the browser sends the form itself. */
"use strict";
(() => {
  const PATIENCE = 9e3, PATIENCE_WITH_FILES = 45e3;
  const one = (selector, within) => (within || document).querySelector(selector);
  const every = (selector, within) => Array.from((within || document).querySelectorAll(selector));
  const controls = form => every("input:not([type=hidden]),select,textarea", form);
  // A question may be called `submit` or `reset`, so the form's own functions are asked for.
  const call = (form, act) => HTMLFormElement.prototype[act].call(form);
  let clicked, busy;

  function newId() {
    if (crypto.randomUUID) return crypto.randomUUID(); // not on plain http, not in old WebViews
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = bytes[6] & 15 | 64;
    bytes[8] = bytes[8] & 63 | 128;
    const hex = Array.from(bytes, byte => (byte + 256).toString(16).slice(1)).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  async function collect(form, id) {
    const fields = [];
    for (const [name, value] of new FormData(form)) {
      if (name === "instance_id") continue; // a cached page repeats its own
      if (typeof value === "string") fields.push([name, value]);
      else if (value.size) {
        const bytes = await new Response(value).arrayBuffer();
        fields.push([name, bytes, value.type, value.name]);
      }
    }
    const url = form.getAttribute("action"), title = one("h1").textContent;
    return {id, url, title, at: Date.now(), fields};
  }

  async function send(form) {
    const id = newId();
    let stored, reply, record;
    occupy(form, true);
    try {
      record = await collect(form, id);
      const time = record.fields.some(field => field[2]) ? PATIENCE_WITH_FILES : PATIENCE;
      const first = phieu.alone(id, async () => {
        await phieu.ask("put", record);
        stored = true;
        return phieu.post(record);
      });
      reply = await Promise.race([first, new Promise(done => setTimeout(done, time, "late"))]);
      if (reply === "late") first.then(() => phieu.tick(true)); // what came of it in the end
    } catch (error) { /* no storage */ }
    if (!stored) return submitPlainly(form, id); // then the browser tells how it went
    if (reply && reply.errors) {
      await phieu.ask("delete", id);
      if (!phieu.showErrors(form, reply.errors)) return submitPlainly(form, id);
    } else if (reply && reply.receipt) {
      empty(form);
      const query = record.url.split("?")[1];
      return location.assign(form.dataset.queue + reply.receipt + "?sent=1" + (query ? "&" + query : ""));
    } else {
      if (reply && reply.refused) {
        await phieu.ask("put", Object.assign(record, {refused: reply.refused}));
      }
      empty(form);
      phieu.again(await phieu.show());
      scrollTo(0, 0);
      wakeLater();
    }
    occupy(form, false);
  }

  function submitPlainly(form, id) {
    one("[name=instance_id]", form).value = id;
    call(form, "submit");
  }

  async function wakeLater() {
    try {
      if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
      await (await navigator.serviceWorker.ready).sync.register("phieu");
    } catch (error) { /* then an open page does it */ }
  }

  function occupy(form, now) {
    busy = now;
    const button = one(".send", form), data = button.dataset;
    button.setAttribute("aria-disabled", now);
    data.idle = data.idle || button.textContent;
    button.textContent = now ? data.busy : data.idle;
  }

  // For the next person, also where the server had filled in what was typed.
  function empty(form) {
    phieu.clearErrors(form);
    for (const control of controls(form)) {
      control.defaultChecked = false;
      if (!/radio|checkbox|select|file/.test(control.type)) control.defaultValue = "";
      for (const option of every("option", control)) option.defaultSelected = false;
    }
    call(form, "reset");
    // Answers of earlier sections stand hidden in the page; so the next person needs a new one.
    form.hidden = every("#_kept *", form).length > 0;
  }

  document.addEventListener("click", event => {
    clicked = event.target.closest("button") || clicked;
  });
  document.addEventListener("submit", event => {
    const form = event.target, button = event.submitter || clicked;
    if (event.defaultPrevented || !form.hasAttribute("data-queue")) return;
    if (button && button.name === "_step") return; // the server draws another part
    event.preventDefault();
    if (!busy) send(form);
  });
  addEventListener("pageshow", () => { if (busy) occupy(one("[data-queue]"), false); });
})();
