// [data-attached]: a picture that is chosen, pasted or dropped on the text is added at once, as the form's own button
// «Add these pictures» would do it: the form is sent with that button, and the list of pictures comes from the answer.
const KINDS = /^image\/(jpeg|png|webp|gif)$/;

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

function ready(form) {
  let before = Promise.resolve();
  const text = form.querySelector("textarea");
  const queue = (list) => {
    const files = [...list].filter((file) => KINDS.test(file.type));
    if (files.length) before = before.then(() => add(form, files));
    return files.length;
  };
  form.addEventListener("change", (event) => {
    if (event.target.matches("input[type=file][name=pictures]")) before = before.then(() => add(form, event.target.files));
  });
  text?.addEventListener("paste", (event) => {
    const data = event.clipboardData;
    // A copied table or page brings a picture of itself along: then its words are meant.
    if (data && !data.types.includes("text/plain") && queue(data.files)) event.preventDefault();
  });
  text?.addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
  text?.addEventListener("drop", (event) => {
    if (event.dataTransfer && queue(event.dataTransfer.files)) event.preventDefault();
  });
}

for (const list of document.querySelectorAll("[data-attached]")) if (list.form) ready(list.form);
