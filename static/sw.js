/* Opens a form without network that was opened before, and sends what waits when no page is open.
   Served with importScripts of phieu.js and CACHE, this version's name, above. It must never keep
   a receipt, or a page of the staff but an empty form. */
"use strict";
const PAGES = /^\/($|thu-may$|(q|assist)\/\w+$)/i, PATIENCE = 4000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", event => event.waitUntil(takeOver()));
self.addEventListener("sync", event => event.waitUntil(phieu.flush().then(left => {
  if (left) throw new Error("later");
})));
self.addEventListener("fetch", event => {
  const {request} = event, {origin, pathname} = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (pathname.startsWith("/assets/")) event.respondWith(asset(request));
  else if (request.mode === "navigate" && PAGES.test(pathname)) event.respondWith(page(event));
});

async function asset(request) {
  return await caches.match(request) || fetch(request);
}

// The network; where it fails or is too slow, the copy.
async function page(event) {
  const {url} = event.request, fresh = fetch(event.request);
  event.waitUntil(fresh.then(reply => keep(url, reply.clone())).catch(() => 0));
  try {
    return await Promise.race([fresh, new Promise((done, fail) => setTimeout(fail, PATIENCE))]);
  } catch (failure) {
    // What messengers hang on a poster's address makes no other page.
    return await caches.match(url) || await caches.match(url, {ignoreSearch: true}) || fresh;
  }
}

// A page with the scripts it names; what is closed or gone is forgotten.
async function keep(url, reply) {
  const cache = await caches.open(CACHE);
  if ([404, 410].includes(reply.status)) return cache.delete(url);
  if (!reply.ok || reply.redirected) return;
  await cache.put(url, reply.clone());
  for (const script of new Set((await reply.text()).match(/\/assets\/[\w.-]+\.js/g))) {
    if (!await cache.match(script)) await cache.add(script);
  }
}

// What is open now, and what an older version kept, goes into this version's cache.
async function takeOver() {
  await clients.claim();
  const older = (await caches.keys()).filter(name => name !== CACHE);
  const kept = await clients.matchAll();
  for (const name of older) kept.push(...await (await caches.open(name)).keys());
  const pages = kept.map(({url}) => url).filter(url => PAGES.test(new URL(url).pathname));
  await Promise.all(pages.map(url => fetch(url).then(reply => keep(url, reply)).catch(() => 0)));
  await Promise.all(older.map(name => caches.delete(name)));
}
