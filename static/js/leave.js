// a[data-leave]: leaves at once, and the history forgets this page. Without this file it is a plain link.
for (const link of document.querySelectorAll("a[data-leave]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    document.documentElement.hidden = true;
    for (const form of document.forms) form.reset();
    location.replace(link.href);
  });
}
