"""Markdown: what residents write comes out as they meant it, runs nothing, loads nothing and costs little."""

import re
import time
from collections.abc import Callable
from functools import cache
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from forum.core.markdown import MAX_CHARACTERS, MAX_GROWTH, both, plain, render
from tests.alike import quickest

pytestmark = pytest.mark.once

N = MAX_CHARACTERS
ORDINARY = ("Some *plain* words about [a place](https://example.org) and more of them.\n\n" * N)[:N]
MOST_WORK = 25  # ordinary texts; the worst shape takes 9, and one that grows with the square hundreds
REPEATED = [
    "[", "[](", "![", "![](", "[a](b", "[a](<b", "[[a]", "[]", "[a]", "[a](b)", "![a](b)", '[a](b "', "]", "(", ")",
    "*", "*a ", "**a *a ", "***a", "*_", "*(", "1*", "*a_", "_a_ ", "a_", "~~", "~~a", "`", "```\n", "~~~\n",
    ">", "> ", "> \n", "> - ", "- ", "-\n", "1. ", "1.\n", "#\n", "a\n=\n", "a\n-\n", "---\n", "\n", " ", "\t", "\r",
    "|", "|a", "|-", " |\n", "&", "&amp;", '"', "'", "<", "<a", "<a:", "<a@b.c>", "<http://a", "<!--", "<![CDATA[",
    "<?", "<div>\n", "http://", "http://a.b/(", "www.", "www.a ", "www.a.", "@", "a@b.", ":", "\\", "\u202e", "\u0301",
    "[a]: b\n", "[a]: <b\n",
]  # fmt: skip
BUILT = {
    "backticks of growing length": "".join("e" + "`" * n for n in range(1, 200)),
    "nested brackets": "[" * (N // 2) + "]" * (N // 2),
    "nested links": "[" * (N // 4) + "a" + "](b)" * (N // 8),
    "nested pictures": "![" * (N // 4) + "a" + "](b)" * (N // 8),
    "one definition used thousands of times": "[a]: http://" + "x" * (N // 2) + "\n\n" + "[a]" * (N // 6),
    "a table with many columns and short rows": "|" + "a|" * 2000 + "\n|" + "-|" * 2000 + "\n" + "|\n" * 5000,
    "a table with short rows": "|" + "a|" * 100 + "\n|" + "-|" * 100 + "\n" + "|\n" * 9000,
    "lists within lists": "".join(" " * n * 2 + "- a\n" for n in range(130)),
    "emphasis that never closes": "a**b" + "c* " * (N // 3),
    "a deep quotation with lazy lines": ">" * 20 + "a\n" + "b\n" * 9000,
    "a quotation with lazy lines": ">" * 4 + "a\n" + "b\n" * 9000,
    "one endless address": "http://" + "a." * 9990,
    "addresses in parentheses": ("http://a" + ")" * 480 + " ") * 40,
}
SHAPES = {**{shape: shape * N for shape in REPEATED}, **BUILT}

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](data:image/svg+xml,<svg onload=alert(1)>)",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    "![x\" onerror=\"alert(1)](https://example.org/x.png)",
    '[x](https://example.org "a\\" onmouseover=\\"alert(1)")',
    "[x](https://example.org/\"onmouseover=\"alert(1))",
    'https://example.org/"onmouseover="alert(1)',
    "https://example.org/'><script>alert(1)</script>",
    "```html\"><script>alert(1)</script>\n<b>\n```",
    "`<script>alert(1)</script>`",
    "<a href=\"https://example.org\" style=\"position:fixed\">x</a>",
    "| <script> |\n|---|\n| <img src=x onerror=alert(1)> |",
    "| a |\n|:-:|\n| b |",
    "[a]: javascript:alert(1)\n\n[a]",
    "<form action=https://example.org><input name=password>",
    "<base href=https://example.org>",
    "<meta http-equiv=refresh content=0;url=https://example.org>",
    "\x00<scr\x00ipt>alert(1)</scr\x00ipt>",
    "\ud800<script>",
]  # fmt: skip
BLOCKS = [
    "h3",
    "h4",
    "h5",
    "h6",
    "p",
    "br",
    "hr",
    "ul",
    "li",
    "blockquote",
    "pre",
    "strong",
    "em",
    "s",
    "code",
]
TABLES = ["table", "thead", "tbody", "tr", "th", "td"]
ALLOWED = {"a": {"href", "title", "rel"}, "ol": {"start"}, **{tag: set[str]() for tag in BLOCKS + TABLES}}


class Elements(HTMLParser):
    """Every element of a piece of HTML with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def assert_harmless(html: str) -> None:
    for tag, attributes in Elements(html).found:
        assert tag in ALLOWED
        assert set(attributes) <= ALLOWED[tag]
        address = re.sub(r"[\x00-\x20]", "", attributes.get("href") or "").lower()
        scheme = re.match(
            r"([a-z][a-z0-9+.-]*):", address
        )  # RFC 3986 3.1; anything else is an address on this site
        assert scheme is None or scheme[1] in ("http", "https", "mailto", "tel")


@pytest.mark.parametrize("shape", SHAPES.values(), ids=[repr(name) for name in SHAPES])
def test_no_text_makes_it_slow_or_large(shape: str) -> None:
    text = shape[:N]
    for act in (render, plain):
        began = time.thread_time()
        made = act(text)
        taken = time.thread_time() - began
        assert len(made) <= MAX_GROWTH * max(len(text), 1)
        if taken > ordinary(act) * MOST_WORK / 2:  # else it is far from too much, and measured well enough
            assert any(ordinary_texts(act, text) < MOST_WORK for _try in range(4))


@cache
def ordinary(act: Callable[[str], str]) -> float:
    """What *act* takes for an ordinary text of full length."""
    return quickest(lambda: act(ORDINARY))


def ordinary_texts(act: Callable[[str], str], text: str) -> float:
    """How many ordinary texts of full length *act* does in the time of *text*: a slow machine is slow for both."""
    floor = quickest(lambda: act(ORDINARY))
    return quickest(lambda: act(text), enough=floor * MOST_WORK / 2) / floor


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_that_could_run_or_load_is_left(attack: str) -> None:
    assert_harmless(render(attack))


@settings(max_examples=200, deadline=None)
@example("[]([x](javascript:alert(1)))")
@given(st.lists(st.sampled_from([*REPEATED, *ATTACKS, "word", "\n\n", "    "]), max_size=30).map("".join))
def test_mixtures_are_harmless_bounded_and_never_raise(text: str) -> None:
    html = render(text)
    assert_harmless(html)
    assert len(html) <= MAX_GROWTH * max(len(text), 1)
    assert not set(plain(text)) & {"\x00", "\x01", "\x0b"}


@settings(max_examples=200, deadline=None)
@example("[]([x](javascript:alert(1)))")
@given(st.text())
def test_any_text_renders(text: str) -> None:
    assert both(text) == (render(text), plain(text))
    assert_harmless(render(text))
    plain(text)


@given(st.text("aZé9 .:,;-_!?()'’w", max_size=24))
@example("1. One")
@example("A - b. C-d e_f: g")
@example("a_b_ c")
@example("http://example.org")
@example("x" * (MAX_CHARACTERS + 1))
def test_what_needs_no_parser_reads_as_the_parser_reads_it(text: str) -> None:
    assert both(text) == (render(text), plain(text))


def test_a_text_over_the_limit_is_kept_whole_and_unformatted() -> None:
    html = render("*so* <b>\n\n" + "x" * N)
    assert html.startswith("<p>*so* &lt;b&gt;</p>\n<p>xxx")
    assert html.count("x") == N


def test_quotations_nested_too_deeply_keep_their_words() -> None:
    assert "needle" in render("> " * 30 + "needle")
    assert "needle" in render("- * " * 12 + "needle")


def test_headings_begin_below_the_sections_own() -> None:
    assert render("# One\n\n## Two\n\n###### Six") == "<h3>One</h3>\n<h4>Two</h4>\n<h6>Six</h6>"


def test_links_carry_nofollow_ugc_noopener() -> None:
    rel = 'rel="nofollow ugc noopener"'
    assert render("[here](https://example.org)") == f'<p><a href="https://example.org" {rel}>here</a></p>'
    assert render("[ours](/events)") == f'<p><a href="/events" {rel}>ours</a></p>'


@pytest.mark.parametrize(
    ("text", "href", "rest"),
    (
        ("See https://example.org/a_b_c.", "https://example.org/a_b_c", "."),
        ("(at www.example.org)", "https://www.example.org", ")"),
        ("https://example.org/x_(y), then", "https://example.org/x_(y)", ", then"),
        ("*https://example.org/a*", "https://example.org/a", ""),
    ),
)
def test_bare_addresses_become_links_without_the_sentences_punctuation(
    text: str, href: str, rest: str
) -> None:
    html = render(text)
    assert f'href="{href}"' in html
    assert f">{href.removeprefix('https://') if 'www' in text else href}</a>{rest}" in html


def test_addresses_in_code_stay_text() -> None:
    assert "<a" not in render("`https://example.org`\n\n    https://example.org")


def test_a_picture_becomes_a_link_with_its_words() -> None:
    html = render("Look: ![our park](https://example.org/park.jpg)")
    assert "<img" not in html
    assert ">our park</a>" in html
    assert "!" not in html


def test_a_line_break_stays_one() -> None:
    assert render("one\ntwo") == "<p>one<br>\ntwo</p>"


def test_plain_keeps_words_lists_and_addresses() -> None:
    text = (
        "# Agenda\n\nBring *questions* & [the form](https://example.org/f).\n\n1. Lights\n2. Speed\n\n- <b>"
    )
    assert (
        plain(text)
        == "Agenda\n\nBring questions & the form (https://example.org/f).\n\n1. Lights\n2. Speed\n\n- <b>"
    )


def test_plain_does_not_repeat_an_address_it_shows() -> None:
    assert plain("https://example.org <me@example.org>") == "https://example.org me@example.org"


@pytest.mark.parametrize("text", ("", " \n\t", "\x00"))
def test_nothing_comes_of_nothing(text: str) -> None:
    assert render(text) == ""
    assert plain(text) == ""
