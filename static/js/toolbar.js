// [data-toolbar] (the id of a textarea): buttons and keys that put Markdown around what is chosen. What they do can be
// undone as typing can: it goes in by the browser's own editing command, where there is one.
const KEYS = { b: "bold", i: "italic", k: "link" };

function put(text, from, to, words, chosen) {
  text.focus();
  text.setSelectionRange(from, to);
  if (!document.execCommand("insertText", false, words)) {
    text.setRangeText(words, from, to, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }
  text.setSelectionRange(...chosen);
}

// Put the mark around what is chosen, or take it away where it is there.
function around(text, mark) {
  const { selectionStart: from, selectionEnd: to, value } = text;
  const words = value.slice(from, to);
  const size = mark.length;
  const marked = value.slice(from - size, from) === mark && value.slice(to, to + size) === mark;
  const bold = size === 1 && value.slice(from - 2, from) === "**"; // a star of a bold one is not an italic's
  if (marked && !bold) put(text, from - size, to + size, words, [from - size, to - size]);
  else put(text, from, to, mark + words + mark, [from + size, to + size]);
}

// The whole lines that are chosen, each behind the mark, or without it where all have it.
function lines(text, mark) {
  const { value } = text;
  const from = value.lastIndexOf("\n", text.selectionStart - 1) + 1;
  const end = value.indexOf("\n", text.selectionEnd);
  const to = end < 0 ? value.length : end;
  const each = value.slice(from, to).split("\n");
  const has = each.every((line) => line.startsWith(mark));
  const words = each.map((line) => (has ? line.slice(mark.length) : mark + line)).join("\n");
  put(text, from, to, words, [text.selectionStart === text.selectionEnd ? from + words.length : from, from + words.length]);
}

function link(text) {
  const { selectionStart: from, selectionEnd: to, value } = text;
  const words = value.slice(from, to);
  const isAddress = /^https?:\/\/\S+$/.test(words);
  const made = isAddress ? `[](${words})` : `[${words}](https://)`;
  const at = isAddress ? from + 1 : from + words.length + 3;
  put(text, from, to, made, [at, isAddress ? at : at + "https://".length]);
}

const DEEDS = {
  bold: (text) => around(text, "**"),
  italic: (text) => around(text, "*"),
  link,
  quote: (text) => lines(text, "> "),
  list: (text) => lines(text, "- "),
};

for (const bar of document.querySelectorAll("[data-toolbar]")) {
  const text = document.getElementById(bar.dataset.toolbar);
  if (!text) continue;
  text.before(bar);
  bar.hidden = false;
  bar.addEventListener("click", (event) => {
    const mark = event.target.closest("[data-mark]")?.dataset.mark;
    if (mark) DEEDS[mark](text);
  });
  text.addEventListener("keydown", (event) => {
    const mark = KEYS[event.key.toLowerCase()];
    if (!mark || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    DEEDS[mark](text);
  });
}
