// form[data-draft]: what is typed is kept on the server every few seconds, as its «Keep as a draft» button would.
// Without this the button alone does it. A draft that cannot be kept says nothing: the words are still in the form.
const WAIT = 5000;

for (const form of document.querySelectorAll("form[data-draft]")) {
  const said = form.querySelector("[data-draft-said]");
  let waiting;
  const keep = async () => {
    const fields = new FormData(form);
    fields.set("then", "draft");
    fields.delete("pictures"); // sent once, by their own button
    try {
      const answer = await fetch(form.action, { method: "POST", body: fields, redirect: "manual" });
      if (said && answer.type === "opaqueredirect") said.textContent = form.dataset.draft;
    } catch { /* offline: the next change tries again */ }
  };
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    if (said) said.textContent = "";
    waiting = setTimeout(keep, WAIT);
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter?.value !== "pictures") clearTimeout(waiting); // pictures are added without leaving the page
  });
}
