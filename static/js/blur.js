// input[type=file][data-blur]: hides faces and plates by hand before a picture leaves the device. Each chosen picture is
// drawn small on a canvas; a rectangle drawn over it becomes coarse squares. What is sent is what the canvas shows, so
// where and when it was taken stays here too. A file that cannot be drawn is sent as it is, and the server answers.
const LONGEST = 1600;
const SQUARES = 8; // across the shorter side of a hidden part: too few for a face or a plate

function pixelate(canvas, { x, y, width, height }) {
  const paper = canvas.getContext("2d");
  const size = Math.max(8, Math.ceil(Math.min(width, height) / SQUARES));
  const small = document.createElement("canvas");
  small.width = Math.max(1, Math.ceil(width / size));
  small.height = Math.max(1, Math.ceil(height / size));
  small.getContext("2d").drawImage(canvas, x, y, width, height, 0, 0, small.width, small.height);
  paper.imageSmoothingEnabled = false;
  paper.drawImage(small, 0, 0, small.width, small.height, x, y, width, height);
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

function editor(canvas, words, changed) {
  const box = document.createElement("div");
  const hint = Object.assign(document.createElement("p"), { className: "hint", textContent: words.blurWords });
  const undo = Object.assign(document.createElement("button"), { type: "button", className: "button quiet small", textContent: words.blurUndo, disabled: true });
  const before = [];
  let from;
  box.className = "blur";
  box.append(hint, canvas, undo);
  const at = (event) => {
    const seen = canvas.getBoundingClientRect();
    const within = (value, most) => Math.min(most, Math.max(0, value));
    return {
      x: within(((event.clientX - seen.left) / seen.width) * canvas.width, canvas.width),
      y: within(((event.clientY - seen.top) / seen.height) * canvas.height, canvas.height),
    };
  };
  canvas.addEventListener("pointerdown", (event) => {
    from = at(event);
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointerup", (event) => {
    if (!from) return;
    const to = at(event);
    const part = { x: Math.min(from.x, to.x), y: Math.min(from.y, to.y), width: Math.abs(from.x - to.x), height: Math.abs(from.y - to.y) };
    from = undefined;
    if (part.width < 4 || part.height < 4) return;
    before.push(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height));
    pixelate(canvas, part);
    undo.disabled = false;
    changed();
  });
  undo.addEventListener("click", () => {
    canvas.getContext("2d").putImageData(before.pop(), 0, 0);
    undo.disabled = !before.length;
    changed();
  });
  return box;
}

async function open(input) {
  const words = input.dataset;
  const originals = [...input.files].slice(0, 5);
  const rest = [...input.files].slice(5);
  for (const old of input.parentElement.querySelectorAll(".blur")) old.remove();
  const canvases = await Promise.all(originals.map((file) => drawn(file).catch(() => null)));
  const give = async () => {
    const files = new DataTransfer();
    for (const [number, canvas] of canvases.entries()) files.items.add(canvas ? await asFile(canvas, number + 1) : originals[number]);
    for (const file of rest) files.items.add(file);
    input.files = files.files;
  };
  for (const canvas of canvases) if (canvas) input.after(editor(canvas, words, give));
  await give();
}

for (const input of document.querySelectorAll("input[data-blur]")) input.addEventListener("change", () => open(input));
