// The town's map with its outlines, for map.js and point.js: they import it, and Leaflet with it, when a map is opened.
// box: the element whose data-* hold addresses and words; place: the element that becomes the map.
function load(tag, attributes) {
  return new Promise((done, failed) => {
    const element = Object.assign(document.createElement(tag), attributes);
    element.addEventListener("load", done);
    element.addEventListener("error", failed);
    document.head.append(element);
  });
}

// Fetches what is needed; features: a promise of the areas' outlines (GeoJSON).
export async function fetched(box, features) {
  const [found] = await Promise.all([
    features,
    load("link", { rel: "stylesheet", href: box.dataset.style }),
    load("script", { src: box.dataset.script }),
  ]);
  return found;
}

// Draws the areas; onEachFeature as Leaflet has it. Returns the map, with all areas in view.
export function drawn(box, place, features, onEachFeature) {
  const { L } = window;
  const words = box.dataset;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(place, {
    attributionControl: Boolean(words.credit), zoomControl: false, zoomAnimation: !still, fadeAnimation: !still, inertia: !still,
    scrollWheelZoom: false, // the page scrolls past the map; the buttons, a pinch and + and - zoom
    zoomSnap: 0.5,
  });
  L.control.zoom({ zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
  if (words.tiles) {
    map.attributionControl?.setPrefix(false);
    const credit = document.createElement("span");
    credit.textContent = words.credit; // Leaflet takes HTML, the setting is plain text
    L.tileLayer(words.tiles, { maxZoom: 19, attribution: credit.innerHTML }).addTo(map);
  }
  const bounds = L.geoJSON(features, { style: { className: "area" }, onEachFeature: (feature, shape) => onEachFeature?.(feature, shape, map) })
    .addTo(map)
    .getBounds();
  if (bounds.isValid()) map.fitBounds(bounds);
  else map.setView([0, 0], 1);
  return map;
}
