// [data-door]: counts on this device first, and sends when there is a network. What waits is kept item by item, each with
// a key of its own: the server counts a key once, so sending it again, or from two windows, does no harm.
// Items hold numbers, ids and times. Names stand in the page alone; door-worker.js opens it without a network.
const root = document.querySelector("[data-door]");
const part = (name) => root.querySelector(`[data-${name}]`);
const words = part("words").dataset;
const path = words.url;
const copies = `door ${path}`;
const waiting = `door-item ${path} ${words.person} `;
const seen = `door-seen ${path} ${words.person}`;
const rows = new Map([...root.querySelectorAll("[data-answer]")].map((row) => [row.dataset.answer, row]));
const CALM = 20; // seconds between two questions what other devices counted
const SLOWEST = 60; // seconds between two tries
const MOST = 100; // items in one sending
const TICKET = /^(?:.*\/door\/)?([\dOlI]{1,15}\.[\da-fOlI]{32})\/?$/i;

let state = { at: Number(words.madeAt), total: Number(words.came), arrived: {} };
for (const [id, row] of rows) {
  state.arrived[id] = row.dataset.keys.split(" ").filter(Boolean).map((key) => [key, Number(row.dataset.here)]);
}
let token = "";
let signedOut = false;
let busy = false;
let pause = 0;
let timer;

// -- what waits on this device

function queue() {
  const names = Object.keys(localStorage).filter((name) => name.startsWith(waiting));
  const found = names.map((name) => ({ name, text: localStorage.getItem(name) })).filter(({ text }) => text);
  return found.map((one) => ({ ...one, item: JSON.parse(one.text) })).sort((a, b) => a.item.at - b.item.at);
}

function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// False where the browser keeps nothing for us: then the form is sent as without this script.
function note(item) {
  try {
    localStorage.setItem(waiting + (item.key ??= newKey()), JSON.stringify({ ...item, at: Date.now() }));
  } catch {
    return false;
  }
  show();
  pause = 0;
  exchange();
  return true;
}

const most = (keys) => Math.max(0, ...(keys?.values() ?? []));

// What the server last said, and on top of it what waits; as the server will count it.
function counted() {
  const arrived = new Map(Object.entries(state.arrived).map(([id, keys]) => [id, new Map(keys)]));
  let { total } = state;
  const change = (id, act) => {
    const keys = arrived.get(id) ?? new Map();
    const before = most(keys);
    act(keys);
    arrived.set(id, keys);
    total += most(keys) - before;
  };
  for (const { item } of queue()) {
    const id = String(item.rsvp ?? item.ticket?.split(".")[0] ?? "");
    if (item.undone) for (const each of arrived.keys()) change(each, (keys) => keys.delete(item.key));
    else if (!id) total += item.people;
    else if (rows.has(id)) change(id, (keys) => keys.set(item.key, item.people ?? Number(rows.get(id).dataset.party)));
  }
  return { total: Math.max(0, total), arrived };
}

// -- what is shown

function show() {
  const { total, arrived } = counted();
  const left = queue().length;
  part("total").textContent = total;
  for (const [id, row] of rows) paint(row, most(arrived.get(id)));
  part("status").textContent = left ? words.waiting.replace("{num}", left) : words.sent;
  part("sign-in").hidden = !signedOut;
}

function paint(row, here) {
  if (Number(row.dataset.here) === here) return;
  const badge = row.querySelector("[data-badge]");
  const button = row.querySelector("button");
  row.dataset.here = here;
  badge.hidden = !here;
  badge.textContent = words.here.replace("{people}", here);
  button.name = here ? "undo" : "arrived";
  button.classList.toggle("quiet", here > 0);
  button.firstChild.data = here ? words.undo : words.arrived;
}

function say(text) {
  const line = document.createElement("p");
  line.textContent = text;
  part("said").prepend(line);
  while (part("said").children.length > 3) part("said").lastElementChild.remove();
}

// -- what is pressed

function count(text) {
  const people = Number(text);
  if (!Number.isInteger(people) || !people || Math.abs(people) > 1000) return say(words.number), true;
  if (counted().total + people < 0) return say(words.number), true;
  return note({ people });
}

function undo(id) {
  return [...(counted().arrived.get(id)?.keys() ?? [])].every((key) => note({ key, undone: true }));
}

function arrive(id) {
  const field = rows.get(id).querySelector("input");
  return field.reportValidity() ? note({ rsvp: Number(id), people: Number(field.value) }) : true;
}

function take(text) {
  const found = TICKET.exec(text.trim());
  if (!found) return say(words.foreign), true;
  const ticket = found[1].replace(/o/gi, "0").replace(/[li]/gi, "1").toLowerCase(); // as forms/door.py reads it
  const row = rows.get(ticket.split(".")[0]);
  if (!note({ ticket })) return false;
  say(row ? words.counted.replace("{name}", row.querySelector("bdi").textContent) : words.later);
  return true;
}

root.addEventListener("submit", (event) => {
  const { target: form, submitter: button } = event;
  const field = form.querySelector("input:not([type=hidden])");
  let done;
  if (button?.name === "step") done = count(button.value);
  else if (button?.name === "arrived") done = arrive(button.value);
  else if (button?.name === "undo") done = undo(button.value);
  else if (field.name === "ticket") done = take(field.value);
  else done = count(field.value);
  if (!done) return;
  event.preventDefault();
  if (!button?.name) form.reset();
});

// -- what is sent

async function ask(end, body) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
  const sending = body && { method: "POST", headers, body: JSON.stringify(body) };
  const answer = await fetch(path + end, { ...sending, redirect: "manual", signal: AbortSignal.timeout?.(15000) });
  if (answer.type === "opaqueredirect" || [401, 403, 404].includes(answer.status)) await endOfSession();
  if (answer.status === 400) token = ""; // the next try asks for a new one
  if (!answer.ok) throw new Error(answer.status);
  const told = await answer.json();
  if (told.person !== Number(words.person)) await endOfSession();
  token = told.csrf;
  signedOut = false;
  return told;
}

// The names are thrown away, what waits stays; it goes on as soon as the same person is signed in again.
async function endOfSession() {
  signedOut = true;
  await globalThis.caches?.delete(copies);
  throw new Error("signed out");
}

function believe({ at, total, arrived }) {
  state = { at, total, arrived };
  localStorage.setItem(seen, JSON.stringify(state));
}

async function talk() {
  const items = queue().slice(0, MOST);
  if (!items.length && document.hidden) return;
  if (!items.length || !token) {
    const told = await ask("/state");
    if (!items.length) return believe(told);
  }
  const told = await ask("/batch", { sent_at: Date.now(), items: items.map(({ item }) => item) });
  for (const { name, text, item } of items) {
    if (told.said[item.key]) say(told.said[item.key]);
    // Undone meanwhile: then that is still to be sent.
    if (item.key in told.said && localStorage.getItem(name) === text) localStorage.removeItem(name);
  }
  believe(told);
}

async function exchange() {
  if (busy) return;
  busy = true;
  clearTimeout(timer);
  try {
    if (navigator.locks) await navigator.locks.request(waiting, { ifAvailable: true }, (lock) => lock && talk());
    else await talk();
    pause = 0;
  } catch {
    pause = Math.min(SLOWEST, (pause || 1) * 2);
  }
  busy = false;
  show();
  timer = setTimeout(exchange, (pause || (queue().length ? 1 : CALM)) * 1000);
}

function again() {
  pause = 0;
  exchange();
}

function remember() {
  const stored = JSON.parse(localStorage.getItem(seen) ?? "null");
  if (stored?.at > state.at) state = stored;
  show();
}

// -- what is kept to open without a network

async function keep() {
  if (!navigator.serviceWorker || !globalThis.caches) return;
  if (Number(words.until) < Date.now()) return caches.delete(copies);
  await navigator.serviceWorker.register("/door-worker.js", { scope: path });
  await navigator.serviceWorker.ready;
  const cache = await caches.open(copies);
  const answer = (await cache.match(path)) ? undefined : await fetch(path, { redirect: "manual" });
  if (answer?.ok) await cache.put(path, answer);
  await document.fonts.ready;
  const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
  for (const name of new Set(loaded.filter((name) => new URL(name).pathname.startsWith("/static/")))) {
    if (!(await cache.match(name))) await cache.add(name);
  }
  part("kept").hidden = false;
}

// -- the camera

let stream;

async function scan() {
  if (stream) return stop();
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    return say(words.noCamera);
  }
  const video = part("video");
  video.srcObject = stream;
  video.hidden = false;
  part("scan").textContent = words.stop;
  await video.play();
  await look(video, new BarcodeDetector({ formats: ["qr_code"] }));
}

async function look(video, detector) {
  let last;
  while (stream) {
    const [code] = await detector.detect(video).catch(() => []);
    if (code && code.rawValue !== last) take((last = code.rawValue));
    await new Promise((done) => setTimeout(done, 200));
  }
}

function stop() {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = undefined;
  part("video").hidden = true;
  part("scan").textContent = words.start;
}

try {
  remember();
  addEventListener("storage", remember);
  addEventListener("online", again);
  addEventListener("pagehide", stop);
  document.addEventListener("visibilitychange", () => (document.hidden ? stop() : again()));
  exchange();
  keep().catch(() => {});
} catch {
  // A browser that keeps nothing for us: the page works as without this script.
}
part("scan").hidden = !(globalThis.BarcodeDetector && navigator.mediaDevices);
part("scan").addEventListener("click", scan);
