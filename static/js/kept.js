// Throws away what the door's page kept on this device: when somebody signs out, and after its date.
// What was counted and not sent yet stays until it is sent: numbers without names.
const NAME = "door ";
const SEEN = "door-seen ";

async function forget(isOver) {
  for (const name of await caches.keys()) {
    if (name.startsWith(NAME) && (await isOver(name))) await caches.delete(name);
  }
}

async function isPast(name) {
  const page = await (await caches.open(name)).match(name.slice(NAME.length));
  return !page || Number(page.headers.get("X-Kept-Until")) < Date.now();
}

async function forgetAll() {
  for (const key of Object.keys(localStorage)) if (key.startsWith(SEEN)) localStorage.removeItem(key);
  await forget(() => true);
  for (const worker of await navigator.serviceWorker.getRegistrations()) await worker.unregister();
}

if (globalThis.caches && navigator.serviceWorker) {
  if (!document.querySelector("[data-door]")) forget(isPast).catch(() => {});
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.getAttribute("action") !== "/account/sign-out") return;
    event.preventDefault();
    await forgetAll().catch(() => {});
    form.submit();
  });
}
