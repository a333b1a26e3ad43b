"""Words that gettext cannot see: plain text in templates, plain strings in forms and flashes."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from jinja2 import Environment, nodes

from tests.catalogs.compare import ROOT

# Pages for developers, and text that is not language.
EXEMPT = ("templates/styleguide/", "forum/home/styleguide.py")
WORD = re.compile(r"[^\W\d_]{2,}")
NOT_WORDS = re.compile(r"https?://\S*|\S+@\S+|\.(?:ics|csv|json|xml|pdf)\b|&\w+;")
# What is cut out before a template is read as HTML: comments, what is translated, blocks that fill a class attribute.
JINJA = re.compile(
    r"\{#.*?#\}"
    r"|\{%-?\s*(?P<tag>trans|raw)\b.*?\{%-?\s*end(?P=tag)\s*-?%\}"
    r"|\{%-?\s*block \w*class\s*-?%\}.*?\{%-?\s*endblock\b.*?%\}"
    r"|\{%.*?%\}|\{\{.*?\}\}",
    re.S,
)
SENTENCE = re.compile(r"^[A-ZÁÉÍÓÚÑ][a-záéíóúñ’']+([ ,.…!?]|$)|\w \w+ \w")
GETTEXT = {"_", "gettext", "ngettext", "pgettext", "npgettext"}
READ_ATTRIBUTES = {"alt", "aria-label", "aria-description", "placeholder", "title", "label", "summary"}
SILENT_ELEMENTS = {"script", "style", "code", "kbd", "pre", "samp"}
# Names of things, which are the same in every language.
NAMES = set(
    "Apple Atom Calendar CSV English Español Google JSON Nextcloud Outlook QR RSS Thunderbird iCalendar webcal".split()
)


def problems() -> list[str]:
    """One line for each place where a person would read a string that no translator ever sees."""
    templates = [*ROOT.glob("templates/**/*.html"), *ROOT.glob("templates/**/*.txt")]
    found = []
    for path in sorted([*templates, *ROOT.glob("forum/**/*.py")]):
        name, source = path.relative_to(ROOT).as_posix(), path.read_text()
        if not name.startswith(EXEMPT):
            in_source = in_python(source) if path.suffix == ".py" else in_template(source)
            found += [f"{name}:{line}: not in gettext: {text[:70]!r}" for line, text in in_source]
    return found


def in_template(source: str) -> list[tuple[int, str]]:
    """Line and text of each string of a Jinja template that a person reads and no translator sees."""
    reader = _Reader()
    reader.feed(JINJA.sub(lambda match: "\ufffc" + "\n" * match[0].count("\n"), source))
    texts = [
        (line, " ".join(text.replace("\ufffc", " ").split()))
        for line, text in reader.texts
        if _has_words(text)
    ]
    return sorted([*texts, *_in_expressions(source)])


def _in_expressions(source: str) -> Iterator[tuple[int, str]]:
    """Sentences handed to macros as plain strings: ``{{ button("Save it") }}``."""
    tree = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"]).parse(source)
    translated = {
        id(const)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in GETTEXT
        for const in call.find_all(nodes.Const)
    }
    for const in tree.find_all(nodes.Const):
        if isinstance(const.value, str) and id(const) not in translated and _is_sentence(const.value):
            yield const.lineno, const.value


def _is_sentence(text: str) -> bool:
    return bool(SENTENCE.search(text)) and _has_words(text)


def _has_words(text: str) -> bool:
    return bool(set(WORD.findall(NOT_WORDS.sub(" ", text))) - NAMES)


class _Reader(HTMLParser):
    """Collects what a person reads of a template whose Jinja parts are cut out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.silent = 0
        self.texts: list[tuple[int, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in SILENT_ELEMENTS
        read = READ_ATTRIBUTES | ({"value"} if tag in ("input", "button") and _is_button(attrs) else set())
        self.texts += [(self.getpos()[0], value) for key, value in attrs if key in read and value]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT_ELEMENTS and self.silent > 0

    def handle_data(self, data: str) -> None:
        if not self.silent and data.strip():
            self.texts.append(
                (self.getpos()[0] + data[: len(data) - len(data.lstrip())].count("\n"), data.strip())
            )


def _is_button(attrs: list[tuple[str, str | None]]) -> bool:
    return dict(attrs).get("type") in ("submit", "button", "reset")


def in_python(source: str) -> list[tuple[int, str]]:
    """Line and code of each call whose string a person reads and no translator sees."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return sorted({(call.lineno, ast.unparse(call)) for call in calls if _suspects(call)})


def _suspects(call: ast.Call) -> list[ast.expr]:
    called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if called in ("_", "_l", "gettext", "lazy_gettext"):
        return [argument for argument in call.args if isinstance(argument, ast.JoinedStr | ast.BinOp)]
    if called == "flash" or called.endswith("Field"):
        named = [
            keyword.value for keyword in call.keywords if keyword.arg in ("label", "description", "message")
        ]
        return [argument for argument in [*call.args[:1], *named] if _is_prose(argument)]
    return []


def _is_prose(argument: ast.expr) -> bool:
    if isinstance(argument, ast.JoinedStr):
        return True
    return (
        isinstance(argument, ast.Constant)
        and isinstance(argument.value, str)
        and bool(argument.value.strip())
    )
