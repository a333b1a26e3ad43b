"""Cleaning of text that people typed into other systems: white space, lost quotes, shouting."""

from __future__ import annotations

import re

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028\u2029\ufeff]")
_SPACES = re.compile(r"[ \t\u00a0]+")
# A question mark where an 8-bit apostrophe or quote was lost on its way: "Depository?s", "entitled ?Long Term".
_LOST_APOSTROPHE = re.compile(r"(?<=[A-Za-z])\?(?=(?:s|t|re|ll|ve)\b)")
_LOST_QUOTE = re.compile(r"(^|[\s(])\?(?=\w)")

_KNOWN = """
AAABNA ABJ AKA AMC AME BBQ BOMA CAPS CFD CPD CPR DAC DRW DV EAVI HEAT ID II III JCC JLM MBC MC MLK NBA NPA NW PCC TV
UIC USA WIC YMCA YWCA
"""
ACRONYMS = frozenset(_KNOWN.split())
_SMALL = frozenset(("a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"))
_WORD = re.compile(r"[^\W_][\w']*", re.UNICODE)


def one_line(text: str | None) -> str:
    """`text` with control characters gone and every run of white space made one space."""
    return " ".join(_CONTROL.sub("", text or "").split())


def paragraphs(text: str | None) -> str:
    """`text` with its line breaks kept, lines trimmed, and at most one empty line between two."""
    lines = [_SPACES.sub(" ", line).strip() for line in _CONTROL.sub("", text or "").splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def has_breaks(text: str | None) -> bool:
    """Whether a tab or a line break stands in `text`."""
    return bool(text) and any(sign in text for sign in "\t\r\n")  # type: ignore[operator]


def mend_lost_quotes(text: str) -> str:
    """`text` with question marks that stand for a lost apostrophe or opening quote put right."""
    return _LOST_QUOTE.sub(r'\1"', _LOST_APOSTROPHE.sub("'", text))


def is_shouted(text: str) -> bool:
    """Whether `text` is written in capitals: four in five letters, and more than one word of letters."""
    letters = [sign for sign in text if sign.isalpha()]
    capitals = sum(sign.isupper() for sign in letters)
    return len(letters) > 5 and capitals / len(letters) > 0.8


def calm(text: str) -> str:
    """Shouted `text` in title case; acronyms stay."""

    def word(match: re.Match[str]) -> str:
        found = match.group(0)
        if found[0].isdigit():
            return found.lower()
        if found.upper() in ACRONYMS:
            return found.upper()
        if found.lower() in _SMALL and match.start() > 0:
            return found.lower()
        return found[0].upper() + found[1:].lower()

    return _WORD.sub(word, text)


_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~])")


def as_markdown(text: str) -> str:
    """Plain `text` as Markdown that renders to the same words: signs escaped, line breaks kept."""
    escaped = _MARKDOWN.sub(r"\\\1", text)
    escaped = re.sub(r"(?m)^(\s*)([-+=]|\d+[.)])(?=\s|$|[-=])", r"\1\\\2", escaped)
    escaped = re.sub(r"(?m)^(\s*)\\(\d+)([.)])", r"\1\2\\\3", escaped)
    return re.sub(r"(?<!\n)\n(?!\n)", "  \n", escaped)
