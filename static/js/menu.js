// .main-nav details: what unfolds over the page folds again by Escape, and by a press anywhere else. Without this its own
// line does.
const menu = document.querySelector(".main-nav details");

menu?.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !menu.open) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

document.addEventListener("click", (event) => {
  if (menu?.open && !menu.contains(event.target)) menu.open = false;
});
