// [data-point]: a map on which one presses the place; it fills the field below. Leaflet is loaded when the map is opened.
// Without this file the field takes a latitude and a longitude, and everything works without any point.
const box = document.querySelector("[data-point]");
const part = (name) => box.querySelector(`[data-${name}]`);

async function open() {
  part("open").disabled = true;
  const words = box.dataset;
  try {
    const { drawn, fetched } = await import(words.module);
    const features = await fetched(box, fetch(words.geojson).then((answer) => answer.json()));
    part("map").hidden = false;
    part("tools").hidden = true;
    takePoint(drawn(box, part("map"), features), words);
  } catch {
    part("open").disabled = false;
    part("answer").textContent = words.failed;
  }
}

function takePoint(map, words) {
  const field = document.querySelector('[name="point"]');
  let marker;
  const mark = (at) => {
    marker?.remove();
    marker = window.L.circleMarker(at, { radius: 8, interactive: false, className: "here" }).addTo(map);
  };
  const [lat, lon] = field.value.split(",").map(Number);
  if (field.value && Number.isFinite(lat) && Number.isFinite(lon)) mark([lat, lon]);
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
