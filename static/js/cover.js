// input[type=file][data-cover]: hides faces and plates by hand before a picture leaves the device. Each chosen picture is
// drawn small on a canvas; a rectangle marked on it is painted over. What is sent is what the canvas shows, so
// where and when it was taken stays here too. A file that cannot be drawn is sent as it is, and the server answers.
const LONGEST = 1600;
let packing = 0; // pictures that are painted over and not yet in their field
let packed = Promise.resolve();

// One color and nothing beneath it: coarse squares and a blur can be worked back to a face (arXiv:1609.00408).
function cover(canvas, { x, y, width, height }) {
  const paper = canvas.getContext("2d");
  paper.fillStyle = "#222";
  paper.fillRect(Math.floor(x), Math.floor(y), Math.ceil(width) + 1, Math.ceil(height) + 1);
}

async function drawn(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const paper = canvas.getContext("2d");
  paper.fillStyle = "white";
  paper.fillRect(0, 0, canvas.width, canvas.height);
  paper.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

const asFile = (canvas, number) =>
  new Promise((done) => canvas.toBlob((data) => done(new File([data], `picture-${number}.jpg`, { type: "image/jpeg" })), "image/jpeg", 0.88));

// What is hidden lies between two corners: dragged over, pressed one after the other, or set by arrow keys and Enter.
function editor(canvas, words, changed) {
  const box = document.createElement("div");
  const stage = Object.assign(document.createElement("div"), { className: "stage" });
  const frame = Object.assign(document.createElement("div"), { className: "frame", hidden: true });
  const hint = Object.assign(document.createElement("p"), { className: "hint", textContent: words.coverWords });
  const undo = Object.assign(document.createElement("button"), { type: "button", className: "button quiet small", textContent: words.coverUndo, disabled: true });
  const told = Object.assign(document.createElement("span"), { className: "aloud" });
  const before = [];
  const hand = { x: canvas.width / 2, y: canvas.height / 2 };
  let from;
  let corner;
  box.className = "cover";
  told.setAttribute("role", "status");
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-label", words.coverWords);
  stage.append(canvas, frame);
  box.append(hint, stage, undo, told);

  const within = (value, most) => Math.min(most, Math.max(0, value));
  const at = (event) => {
    const seen = canvas.getBoundingClientRect();
    return {
      x: within(((event.clientX - seen.left) / seen.width) * canvas.width, canvas.width),
      y: within(((event.clientY - seen.top) / seen.height) * canvas.height, canvas.height),
    };
  };
  const between = (one, other) => ({ x: Math.min(one.x, other.x), y: Math.min(one.y, other.y), width: Math.abs(one.x - other.x), height: Math.abs(one.y - other.y) });
  const show = (one, other) => {
    const part = between(one, other);
    frame.hidden = false;
    frame.style.left = `${(100 * part.x) / canvas.width}%`;
    frame.style.top = `${(100 * part.y) / canvas.height}%`;
    frame.style.width = `${(100 * part.width) / canvas.width}%`;
    frame.style.height = `${(100 * part.height) / canvas.height}%`;
  };
  const wide = (part) => part.width >= 4 && part.height >= 4;
  const hide = (part) => {
    corner = undefined;
    frame.hidden = true;
    if (!wide(part)) return;
    before.push(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height));
    cover(canvas, part);
    undo.disabled = false;
    told.textContent = words.coverDone;
    changed();
  };
  const set = (point) => {
    if (corner) return hide(between(corner, point));
    corner = { ...point };
    show(corner, corner);
  };

  canvas.addEventListener("pointerdown", (event) => {
    from = at(event);
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (from ?? corner) show(from ?? corner, at(event));
  });
  canvas.addEventListener("pointerup", (event) => {
    if (!from) return;
    const part = between(from, at(event));
    from = undefined;
    if (wide(part)) hide(part);
    else set(at(event));
  });
  canvas.addEventListener("pointercancel", () => {
    from = undefined;
    frame.hidden = true;
  });
  canvas.addEventListener("keydown", (event) => {
    const step = Math.max(canvas.width, canvas.height) / (event.shiftKey ? 200 : 40);
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (way) {
      hand.x = within(hand.x + way[0] * step, canvas.width);
      hand.y = within(hand.y + way[1] * step, canvas.height);
      show(corner ?? hand, hand);
    } else if (event.key === "Enter" || event.key === " ") set(hand);
    else if (event.key === "Escape" && corner) hide(between(corner, corner));
    else return;
    event.preventDefault();
  });
  undo.addEventListener("click", () => {
    canvas.getContext("2d").putImageData(before.pop(), 0, 0);
    undo.disabled = !before.length;
    told.textContent = "";
    changed();
  });
  return box;
}

async function open(input) {
  const words = input.dataset;
  const originals = [...input.files].slice(0, 5);
  const rest = [...input.files].slice(5);
  for (const old of input.parentElement.querySelectorAll(".cover")) old.remove();
  const canvases = await Promise.all(originals.map((file) => drawn(file).catch(() => null)));
  const pack = async () => {
    const files = new DataTransfer();
    for (const [number, canvas] of canvases.entries()) files.items.add(canvas ? await asFile(canvas, number + 1) : originals[number]);
    for (const file of rest) files.items.add(file);
    input.files = files.files;
  };
  const give = () => {
    packing += 1;
    packed = packed.then(pack).catch(() => { input.value = ""; }).finally(() => { packing -= 1; }); // one after the other: the newest is the last
    return packed;
  };
  input.after(...canvases.filter(Boolean).map((canvas) => editor(canvas, words, give)));
  await give();
  input.dispatchEvent(new Event("covering", { bubbles: true })); // what is in the field now can be sent
}

// Nobody sends what they have just hidden: the form waits until what it holds is what the canvas shows.
document.addEventListener("submit", (event) => {
  const { target, submitter } = event;
  if (!packing || !target.querySelector("input[data-cover]")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  packed.then(() => target.requestSubmit(submitter));
}, true);

document.addEventListener("change", (event) => {
  if (event.target.matches("input[data-cover]")) open(event.target);
});
