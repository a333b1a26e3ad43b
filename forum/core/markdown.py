"""Markdown becomes HTML here and nowhere else: once, when a text is saved, beside its source and RENDERER's version.

The input is CommonMark with tables and strikethrough. Raw HTML, pictures and reference definitions are off: a page of
ours loads nothing from elsewhere, and one long definition referenced thousands of times turns 37 kB into 78 MB.
Whatever markdown-it makes of a text, nh3 then keeps only the tags and attributes listed below.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from importlib import import_module

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

RENDERER = 1  # stored beside the HTML; raise it when the same source would render differently
MAX_CHARACTERS = 20_000  # forms refuse longer texts in words; here they merely stay unformatted
MAX_GROWTH = 40  # times the source's length

_TAGS = (
    {"h3", "h4", "h5", "h6", "p", "br", "hr", "ul", "ol", "li", "blockquote", "pre"}
    | {"a", "strong", "em", "s", "code"}
    | {"table", "thead", "tbody", "tr", "th", "td"}
)
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto", "tel"}
_CLEANER = nh3.Cleaner(
    tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel="nofollow ugc noopener"
)
_FIRST_HEADING = 3  # a page has its h1, the section that holds the text an h2

# Bounded on purpose: linkify-it finds more kinds of address, but in time that grows with the square of hostile input.
_ADDRESS = re.compile(r"(?<![\w@./-])(?:https?://|www\.)[^\s<>\"'`|\\^{}\[\]]{2,500}", re.IGNORECASE)
_TRAILING = ".,:;!?*_~'"
_MAX_NESTING = 20
_DEEP_QUOTE = re.compile(r"^[ \t]*(?:>[ \t]*){5}", re.MULTILINE)  # lazy lines under one cost quadratic time
# One paragraph that begins with a letter and has no mark of any kind: it needs no parser, which takes as long as the
# database does for a reply. A full stop or a colon ends a word, a hyphen or an underscore joins two.
_SIMPLE = re.compile(r"[^\W\d_](?:[^\W_]|[ ,;?!()'’]|[.:](?= |\Z)|(?<=[^\W_])[-_](?=[^\W_]))*")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def render(text: str) -> str:
    """Sanitised HTML of *text*, safe to put into a page as it is; ``""`` for a blank text.

    A text over MAX_CHARACTERS, or one whose HTML would exceed MAX_GROWTH times its length, comes back as escaped
    paragraphs without formatting. Never raises for any string.
    """
    source = _clean(text)
    return _html(source, _parse(source))


def plain(text: str) -> str:
    """*text* without its marks, for calendars, mail and feeds: paragraphs parted by a blank line, no HTML.

    A link keeps its address in parentheses when its words do not show it. Too long a text comes back as it is.
    """
    source = _clean(text)
    return _words(source, _parse(source))


def both(text: str) -> tuple[str, str]:
    """What render and plain make of *text*, which is read once for both."""
    source = _clean(text)
    if len(source) <= MAX_CHARACTERS and _SIMPLE.fullmatch(source):
        return f"<p>{source}</p>", source
    tokens = _parse(source)
    return _html(source, tokens), _words(source, tokens)


def _html(source: str, tokens: list[Token] | None) -> str:
    if not source:
        return ""
    if tokens is None:
        return _unformatted(source)
    safe = _CLEANER.clean(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))
    return safe.strip() if len(safe) <= MAX_GROWTH * len(source) else _unformatted(source)


def _words(source: str, tokens: list[Token] | None) -> str:
    return source if tokens is None else "\n".join(_lines(tokens)).strip()


def _parse(source: str) -> list[Token] | None:
    """The tokens of *source*; None when it is too long, or nests deeper than markdown-it follows, which would silently
    lose words."""
    if len(source) > MAX_CHARACTERS or _DEEP_QUOTE.search(source):
        return None
    tokens = _MARKDOWN.parse(source)
    return None if any(token.level >= _MAX_NESTING - 1 for token in tokens) else tokens


def _clean(text: str) -> str:
    """*text* without control characters and lone surrogates, with LF line ends."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNPRINTABLE.sub("", text).encode("utf-8", "replace").decode().strip()


def _unformatted(source: str) -> str:
    paragraphs = (part.strip() for part in re.split(r"\n\s*\n", source))
    return "\n".join(f"<p>{escape(part)}</p>".replace("\n", "<br>") for part in paragraphs if part)


def _lines(tokens: Iterable[Token]) -> Iterator[str]:
    """The text of block tokens, one line or paragraph a piece; an empty piece is a blank line."""
    counters: list[int | None] = []
    marker, tight = "", False
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            start = int(token.attrs.get("start", 1)) if token.type == "ordered_list_open" else None
            counters.append(start)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            counters.pop()
            if not counters:
                yield ""
        elif token.type == "list_item_open":
            number = counters[-1]
            marker = "- " if number is None else f"{number}. "
            if number is not None:
                counters[-1] = number + 1
        elif token.type == "paragraph_open":
            tight = token.hidden
        elif token.type == "inline":
            yield "  " * max(len(counters) - 1, 0) + marker + _inline(token.children or [])
            marker = ""
        elif token.type in ("code_block", "fence"):
            yield token.content.rstrip("\n")
            yield ""
        elif (token.type == "paragraph_close" and not tight) or token.type in ("heading_close", "tr_close"):
            yield ""


def _inline(children: Sequence[Token]) -> str:
    words: list[str] = []
    links: list[tuple[str, int]] = []
    for token in children:
        if token.type in ("text", "code_inline", "text_special"):
            words.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            words.append("\n")
        elif token.type == "link_open":
            links.append((str(token.attrs.get("href", "")), len(words)))
        elif token.type == "link_close" and links:
            address, start = links.pop()
            shown = "".join(words[start:])
            if address not in (shown, f"https://{shown}", f"mailto:{shown}"):
                words.append(f" ({address})")
    return "".join(words)


def _shift_headings(state: StateCore) -> None:
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + _FIRST_HEADING - 1, 6)}"


def _link_addresses(state: StateCore) -> None:
    """Make links of bare web addresses outside links and code, and of pictures."""
    for block in state.tokens:
        if block.type != "inline" or not block.children:
            continue
        children: list[Token] = []
        depth = 0
        for token in block.children:
            if token.type in ("link_open", "link_close"):
                depth += token.nesting
                _drop_picture_mark(children, token)
            if token.type == "text" and depth == 0:
                children.extend(_with_links(token))
            else:
                children.append(token)
        block.children = children


def _drop_picture_mark(before: list[Token], token: Token) -> None:
    """``![words](address)`` becomes a link to the picture: with pictures off, its mark would stay as a stray "!"."""
    if token.type == "link_open" and before and before[-1].type == "text":
        before[-1].content = before[-1].content.removesuffix("!")


def _with_links(token: Token) -> Iterator[Token]:
    done = 0
    for match in _ADDRESS.finditer(token.content):
        shown = _without_trailing(match[0])
        href = shown if shown.lower().startswith("http") else f"https://{shown}"
        yield _text(token.content[done : match.start()], token.level)
        yield Token("link_open", "a", 1, attrs={"href": href}, level=token.level)
        yield _text(shown, token.level + 1)
        yield Token("link_close", "a", -1, level=token.level)
        done = match.start() + len(shown)
    yield _text(token.content[done:], token.level)


def _without_trailing(address: str) -> str:
    """*address* without the punctuation of the sentence around it; a closing parenthesis stays when it was opened."""
    while address and (
        address[-1] in _TRAILING or (address[-1] == ")" and address.count(")") > address.count("("))
    ):
        address = address[:-1]
    return address


def _text(content: str, level: int) -> Token:
    return Token("text", "", 0, content=content, level=level)


def _build() -> MarkdownIt:
    # The library fills short rows up with as many as 65,536 empty cells; the name `table` in its package is a function.
    vars(import_module("markdown_it.rules_block.table"))["MAX_AUTOCOMPLETED_CELLS"] = 2_000
    # Residents press Enter where they want a new line, so a line break stays one.
    markdown = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": _MAX_NESTING})
    markdown.enable(["table", "strikethrough"])
    markdown.disable(["reference", "image"])
    markdown.core.ruler.push("shift_headings", _shift_headings)
    markdown.core.ruler.push("link_addresses", _link_addresses)
    return markdown


_MARKDOWN = _build()
