// [data-queue-keys]: J and K move between rows, O opens one, A assigns it to the reader. Single letters can be in the way
// of who speaks to the computer or slips (WCAG 2.1.4), so the button beside the queue turns them off, and it stays so.
const KEPT = "queue-keys";

for (const box of document.querySelectorAll("[data-queue-keys]")) {
  const rows = [...document.querySelectorAll("[data-row]")];
  const button = box.querySelector("button");
  const words = box.dataset;
  let on = localStorage.getItem(KEPT) !== "off";
  let at = -1;

  const show = () => {
    button.setAttribute("aria-pressed", String(on));
    box.querySelector("[data-help]").hidden = !on;
  };

  const enter = (to) => {
    if (!rows.length) return;
    rows[at]?.classList.remove("chosen");
    at = Math.min(Math.max(to, 0), rows.length - 1);
    rows[at].classList.add("chosen");
    rows[at].querySelector("a").focus();
  };

  const acts = {
    j: () => enter(at + 1),
    k: () => enter(at - 1),
    o: () => rows[at]?.querySelector("a").click(),
    a: () => rows[at]?.querySelector("form[data-take] button")?.click(),
  };

  box.hidden = false;
  show();
  button.addEventListener("click", () => {
    on = !on;
    localStorage.setItem(KEPT, on ? "on" : "off");
    button.nextElementSibling.textContent = on ? words.on : words.off;
    show();
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input, textarea, select, [contenteditable]");
    if (!on || typing || event.altKey || event.ctrlKey || event.metaKey) return;
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  for (const [place, row] of rows.entries()) row.addEventListener("focusin", () => { at = place; });
}
