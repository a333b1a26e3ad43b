// [data-copy]: shows the button beside a field to take along, and copies the field's text.
for (const box of document.querySelectorAll("[data-copy]")) {
  const field = box.querySelector("input");
  const button = box.querySelector("button");
  const said = box.querySelector("[role=status]");
  if (!navigator.clipboard) continue; // plain http: the text can still be selected
  button.hidden = false;
  field.addEventListener("focus", () => field.select());
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(field.value);
    said.textContent = box.dataset.copied;
  });
}
