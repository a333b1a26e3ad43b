// A topic that stays open. [data-since]: asks now and then whether others wrote, and says so in a line at the end, so that
// nothing moves under who reads. form[data-read]: tells the server how far was read, post by post, as they come to sight.
// [data-fold]: a list of threads, where what answers a post can be folded away and unfolded.
const EVERY = 30_000; // milliseconds between two questions
const PAUSE = 2_000; // milliseconds of reading before it is told

function announce(box) {
  let { number } = box.dataset;
  let shown = 0;
  const ask = async () => {
    if (document.visibilityState !== "visible") return;
    const answer = await fetch(`${box.dataset.since}?number=${number}`).catch(() => undefined);
    if (!answer?.ok) return;
    const news = await answer.json();
    if (!news.count || news.count === shown) return;
    shown = news.count;
    const link = document.createElement("a");
    Object.assign(link, { className: "button quiet", href: news.url, textContent: news.words });
    box.replaceChildren(link);
  };
  setInterval(ask, EVERY);
  document.addEventListener("visibilitychange", ask);
}

// By time each post that was seen counts. In threads later answers stand above earlier ones: there only an unbroken run of
// numbers counts, so that nothing unseen is called read.
function follow(form) {
  const byTime = form.dataset.order === "time";
  const seen = new Set();
  let read = Number(form.dataset.read);
  let timer;
  const tell = () => {
    const before = read;
    if (byTime) {
      if (Number(form.dataset.from) <= read) read = Math.max(read, ...seen);
    } else {
      while (seen.has(read + 1)) read += 1;
    }
    if (read === before) return;
    const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value, number: read, quiet: "1" });
    fetch(form.action, { method: "POST", body, keepalive: true }).catch(() => {});
  };
  const watch = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) seen.add(Number(entry.target.id.slice(5)));
    clearTimeout(timer);
    timer = setTimeout(tell, PAUSE);
  });
  for (const post of document.querySelectorAll(".posts > [id^='post-']")) watch.observe(post);
  addEventListener("pagehide", tell);
}

function foldable(list) {
  const posts = [...list.children];
  const depth = (post) => Number(/ depth-(\d)/.exec(post.className)?.[1] ?? 0);
  const folded = new Set();
  const show = () => {
    let above = Infinity; // the depth of what is folded above
    for (const post of posts) {
      post.hidden = depth(post) > above;
      if (!post.hidden) above = folded.has(post) ? depth(post) : Infinity;
    }
  };
  for (const [place, post] of posts.entries()) {
    const after = posts.slice(place + 1);
    const end = after.findIndex((other) => depth(other) <= depth(post));
    const below = end < 0 ? after.length : end;
    if (!below) continue;
    const button = Object.assign(document.createElement("button"), { type: "button", className: "link-button fold" });
    const say = () => {
      button.textContent = folded.has(post) ? `${list.dataset.unfold} (${below})` : list.dataset.fold;
      button.setAttribute("aria-expanded", String(!folded.has(post)));
    };
    button.addEventListener("click", () => {
      folded.delete(post) || folded.add(post);
      say();
      show();
    });
    say();
    post.append(button);
  }
}

for (const list of document.querySelectorAll("[data-fold]")) foldable(list);
for (const box of document.querySelectorAll("[data-since]")) announce(box);
for (const form of document.querySelectorAll("form[data-read]")) follow(form);
