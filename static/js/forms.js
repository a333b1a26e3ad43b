// form[data-guard]: sends once, however often the button is pressed, and asks before typed text is left behind.
// Nothing is stored on the device. The server refuses doubles by itself; this only spares people the surprise.
// Listens on the document, so that forms fetched into the page later are guarded too.
const changed = new Set();
const guarded = (event) => event.target.closest?.("form[data-guard]");

document.addEventListener("input", (event) => {
  const form = guarded(event);
  if (form && event.target.matches("textarea")) changed.add(form);
});

document.addEventListener("submit", (event) => {
  const form = guarded(event);
  if (!form || event.defaultPrevented) return; // a script sends a part of it (pictures.js)
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  form.setAttribute("aria-busy", "true");
  changed.delete(form);
});

// Coming back with the browser's button finds the page as it was left, "sent" included.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  }
});

addEventListener("beforeunload", (event) => {
  const typed = [...changed].some((form) => form.isConnected && [...form.querySelectorAll("textarea")].some((text) => text.value));
  if (typed) event.preventDefault();
});

// What an answer to a form begins with: what to mend, what is asked, or how it will look.
document.querySelector(".error-summary, [data-not-done], .gentle, .preview")?.focus();
