// [data-suggest]: offers titles while one types, in the box's own datalist. A box without this works as well.
const PAUSE = 180; // milliseconds without a key before the server is asked
const SHORTEST = 2;

for (const box of document.querySelectorAll("input[data-suggest]")) {
  const titles = document.getElementById(box.getAttribute("list"));
  let waiting = 0;
  let asked = "";
  box.addEventListener("input", (event) => {
    clearTimeout(waiting);
    const typed = box.value.trim();
    // A title that was chosen from the list is not typed: asking again would open the list again.
    if (event.inputType === undefined || event.inputType === "insertReplacementText") return;
    if (typed.length < SHORTEST || typed === asked) return;
    waiting = setTimeout(async () => {
      asked = typed;
      const answer = await fetch(`${box.dataset.suggest}?q=${encodeURIComponent(typed)}`).catch(() => null);
      if (!answer?.ok || box.value.trim() !== typed) return;
      const options = (await answer.json()).map((title) => Object.assign(document.createElement("option"), { value: title }));
      titles.replaceChildren(...options);
    }, PAUSE);
  });
}
