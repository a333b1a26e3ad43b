// [data-finder]: a map to zoom in place of the drawing, and "where am I", both worked out on this device.
// Leaflet is loaded when the map is opened, not before. Without this file the drawing, the list and the form do the same.
const finder = document.querySelector("[data-finder]");
const part = (name) => finder.querySelector(`[data-${name}]`);
const words = finder?.dataset;
let loading;
let chosen;

const areas = () => (loading ??= fetch(words.geojson).then((answer) => answer.json()).then((file) => file.features));

function insideRing(ring, [lon, lat]) {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [x1, y1] = ring[i];
    const [x2, y2] = ring[j];
    if (y1 > lat !== y2 > lat && lon < ((x2 - x1) * (lat - y1)) / (y2 - y1) + x1) inside = !inside;
  }
  return inside;
}

const isIn = (feature, point) =>
  feature.geometry.coordinates.some(
    ([outer, ...holes]) => insideRing(outer, point) && !holes.some((hole) => insideRing(hole, point)),
  );

function say(text, url) {
  const answer = part("answer");
  answer.textContent = text;
  if (!url) return;
  const link = document.createElement("a");
  link.href = url;
  link.textContent = words.open;
  answer.append(" ", link);
}

function mark(url) {
  chosen = url;
  finder.dispatchEvent(new CustomEvent("chosen", { detail: url }));
}

function choose(feature) {
  for (const shape of finder.querySelectorAll(".here")) shape.classList.remove("here");
  if (!feature) return say(words.outside);
  const { name, url } = feature.properties;
  part("town").querySelector(`a[href="${url}"] path`)?.classList.add("here");
  mark(url);
  say(words.within.replace("{name}", name), url);
}

async function openMap() {
  part("zoomable").disabled = true;
  try {
    const { drawn, fetched } = await import(words.module);
    const features = await fetched(finder, areas());
    part("map").hidden = false;
    part("drawing").hidden = true;
    part("zoomable").hidden = true;
    drawn(finder, part("map"), features, follow);
    if (chosen) mark(chosen);
  } catch {
    part("zoomable").disabled = false;
    say(words.failed);
  }
}

function follow(feature, shape, map) {
  const name = document.createElement("span");
  name.textContent = feature.properties.name; // Leaflet takes HTML, a name is plain text
  shape.bindTooltip(name, { sticky: true });
  shape.on("click", () => choose(feature));
  finder.addEventListener("chosen", ({ detail }) => {
    if (detail !== feature.properties.url) return;
    shape.getElement()?.classList.add("here");
    shape.bringToFront();
    if (!map.getBounds().contains(shape.getBounds())) map.fitBounds(shape.getBounds(), { maxZoom: 13 });
  });
}

function locate() {
  navigator.geolocation.getCurrentPosition(
    async ({ coords }) => {
      const point = [coords.longitude, coords.latitude];
      choose((await areas()).find((feature) => isIn(feature, point)));
    },
    () => say(words.refused),
    { maximumAge: 60000, timeout: 20000 },
  );
}

if (finder) {
  chosen = part("town").querySelector(".here")?.closest("a").getAttribute("href");
  part("tools").hidden = false;
  part("zoomable").addEventListener("click", openMap);
  const known = "geolocation" in navigator && isSecureContext;
  part("locate").hidden = part("note").hidden = !known;
  part("locate").addEventListener("click", locate);
}
