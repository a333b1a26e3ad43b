// Tells the server that somebody is reading, so that a session does not end under their eyes: reading alone is a GET and
// writes nothing. The page has this only when the session was last seen a while ago.
const token = document.querySelector('form[action="/account/sign-out"] [name="csrf_token"]');

if (token) {
  const body = new URLSearchParams({ csrf_token: token.value });
  fetch("/account/here", { method: "POST", body, redirect: "manual" }).catch(() => {});
}
