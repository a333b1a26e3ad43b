// Opens the door's page without a network. It stands before one date's door alone (the scope it is registered with), and
// keeps a copy of that page as it was last seen; door.js keeps the files that the page needs beside it.
// The page says no-store, and that holds for what browsers keep by themselves. This copy is kept on purpose, and thrown
// away on purpose: when its reader signs out (kept.js), when the site says that nobody is signed in, after the date.
const path = new URL(self.registration.scope).pathname;
const name = `door ${path}`;
const SLOW = 4000; // milliseconds; a network that says nothing for so long is none

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && url.pathname === path) event.respondWith(page(event));
  else if (url.pathname.startsWith("/static/")) event.respondWith(file(request));
});

async function copy() {
  const found = (await caches.has(name)) && (await (await caches.open(name)).match(path));
  if (found && Number(found.headers.get("X-Kept-Until")) > Date.now()) return found;
  await caches.delete(name);
}

async function fresh(event) {
  const answer = await fetch(event.request);
  if (answer.ok) await (await caches.open(name)).put(path, answer.clone());
  else if (answer.type === "opaqueredirect" || answer.status === 404) await caches.delete(name);
  return answer;
}

async function page(event) {
  const asked = fresh(event).catch(() => undefined);
  event.waitUntil(asked);
  const kept = await copy();
  if (!kept) return (await asked) ?? Response.error();
  const slow = new Promise((done) => setTimeout(done, SLOW));
  const answer = await Promise.race([asked, slow]);
  return answer && answer.status < 500 ? answer : kept;
}

// Names of files change with their content, so a copy is never old.
async function file(request) {
  const kept = (await caches.has(name)) && (await (await caches.open(name)).match(request, { ignoreVary: true }));
  return kept || fetch(request);
}
