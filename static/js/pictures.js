// [data-attached]: the button «Add these pictures» adds what was chosen, pasted or dropped on the text without leaving
// the page: the form is sent with that button, and the list of pictures comes from the answer.
const KINDS = /^image\/(jpeg|png|webp|gif)$/;
const fieldOf = (form) => form.querySelector("input[type=file][name=pictures]");
const buttonOf = (form) => form.querySelector("button[value=pictures]");

function taken(old, page) {
  const found = page.querySelector("[data-attached]");
  if (!found) return null;
  const made = document.importNode(found, true);
  for (const field of old.querySelectorAll("input[name^='alt-']")) {
    const same = made.querySelector(`[name="${CSS.escape(field.name)}"]`);
    if (same) same.value = field.value; // what was typed while it was under way
  }
  old.replaceWith(made);
  return made;
}

async function send(form, files) {
  const fields = new FormData(form);
  fields.delete("pictures");
  fields.set("then", "pictures");
  for (const file of files) fields.append("pictures", file);
  const answer = await fetch(form.action, { method: "POST", body: fields, headers: { Accept: "text/html" } });
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

async function add(form, files) {
  const old = form.querySelector("[data-attached]");
  const said = form.querySelector("[data-attached-said]");
  const before = new Set([...old.querySelectorAll("[name='picture']")].map((field) => field.value));
  said.textContent = old.dataset.adding;
  let made = null;
  try {
    made = taken(old, await send(form, files));
  } catch { /* offline: said below */ }
  if (!made) {
    said.textContent = old.dataset.failed;
    return;
  }
  const fresh = [...made.querySelectorAll("[name='picture']")].find((field) => !before.has(field.value));
  const error = made.querySelector(".error")?.textContent;
  said.textContent = error || made.dataset.added;
  if (fresh) fresh.parentElement.querySelector("input[name^='alt-']").focus();
  else made.querySelector("#pictures")?.focus();
}

// What is pasted or dropped stands in the field as if it had been chosen there: js/cover.js opens it to hide faces.
function choose(form, files) {
  const field = fieldOf(form);
  const fits = [...files].filter((file) => KINDS.test(file.type));
  if (!field || !fits.length) return false;
  const all = new DataTransfer();
  for (const file of [...field.files, ...fits]) all.items.add(file);
  field.files = all.files;
  form.addEventListener("covering", () => buttonOf(form).focus(), { once: true });
  field.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}

function ready(form) {
  const text = form.querySelector("textarea");
  form.addEventListener("covering", () => {
    form.querySelector("[data-attached-said]").textContent = form.querySelector("[data-attached]").dataset.chosen;
  });
  let adding = false;
  form.addEventListener("submit", async (event) => {
    const field = fieldOf(form);
    if (event.submitter !== buttonOf(form) || !field?.files.length) return;
    event.preventDefault();
    if (adding) return;
    adding = true;
    await add(form, field.files);
    adding = false;
  });
  text?.addEventListener("paste", (event) => {
    const data = event.clipboardData;
    // A copied table or page brings a picture of itself along: then its words are meant.
    if (data && !data.types.includes("text/plain") && choose(form, data.files)) event.preventDefault();
  });
  text?.addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
  text?.addEventListener("drop", (event) => {
    if (event.dataTransfer && choose(form, event.dataTransfer.files)) event.preventDefault();
  });
}

for (const list of document.querySelectorAll("[data-attached]")) if (list.form) ready(list.form);
