// [data-point]: a map on which one presses the place; it fills the field below. Leaflet is loaded when the map is opened.
// Without this file the field takes a latitude and a longitude, and everything works without any point.
const box = document.querySelector("[data-point]");
const part = (name) => box.querySelector(`[data-${name}]`);

function load(tag, attributes) {
  return new Promise((done, failed) => {
    const element = Object.assign(document.createElement(tag), attributes);
    element.addEventListener("load", done);
    element.addEventListener("error", failed);
    document.head.append(element);
  });
}

async function open() {
  part("open").disabled = true;
  const words = box.dataset;
  try {
    const [features] = await Promise.all([
      fetch(words.geojson).then((answer) => answer.json()),
      load("link", { rel: "stylesheet", href: words.style }),
      load("script", { src: words.script }),
    ]);
    part("map").hidden = false;
    part("tools").hidden = true;
    draw(window.L, features, words);
  } catch {
    part("open").disabled = false;
    part("answer").textContent = words.failed;
  }
}

function draw(L, features, words) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(part("map"), {
    attributionControl: Boolean(words.credit), zoomControl: false, zoomAnimation: !still, fadeAnimation: !still, inertia: !still,
    scrollWheelZoom: false, zoomSnap: 0.5,
  });
  L.control.zoom({ zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
  if (words.tiles) {
    map.attributionControl?.setPrefix(false);
    const credit = document.createElement("span");
    credit.textContent = words.credit;
    L.tileLayer(words.tiles, { maxZoom: 19, attribution: credit.innerHTML }).addTo(map);
  }
  const layer = L.geoJSON(features, { style: { className: "area" } }).addTo(map);
  const field = document.querySelector('[name="point"]');
  let marker;
  const mark = (at) => {
    marker?.remove();
    marker = L.circleMarker(at, { radius: 8, interactive: false, className: "here" }).addTo(map);
  };
  const [lat, lon] = field.value.split(",").map(Number);
  if (field.value && Number.isFinite(lat) && Number.isFinite(lon)) mark([lat, lon]);
  if (layer.getBounds().isValid()) map.fitBounds(layer.getBounds());
  else map.setView([0, 0], 1);
  map.on("click", ({ latlng }) => {
    field.value = `${latlng.lat.toFixed(5)}, ${latlng.lng.toFixed(5)}`;
    mark(latlng);
    part("answer").textContent = words.marked;
  });
}

if (box) {
  part("tools").hidden = false;
  part("open").addEventListener("click", open);
}
