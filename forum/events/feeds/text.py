"""Content lines (RFC 5545 3.1): what may stand in them, and how they are written."""

from __future__ import annotations

from icalendar import vText
from icalendar.parser import Contentline

# Controls but TAB and LF; the line ends that only some parsers see (NEL, LS, PS); noncharacters and lone surrogates.
_FORBIDDEN = dict.fromkeys(
    [*range(9), *range(11, 32), *range(127, 160), 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF]
)
_FORBIDDEN |= dict.fromkeys(range(0xD800, 0xE000))


def clean(text: str) -> str:
    """*text* with ``\\n`` for every line end and without what a content line may not hold."""
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_FORBIDDEN).strip()


def one_line(text: str) -> str:
    """*text* cleaned, on one line."""
    return " ".join(clean(text).split())


def content_line(name: str, value: str) -> bytes:
    """One folded line, with its CRLF; *name* may carry parameters. *value* is written as it is: not TEXT."""
    return bytes(Contentline(f"{name}:{value}").to_ical()) + b"\r\n"


def text_line(name: str, value: str) -> bytes:
    """One folded line of a TEXT property, escaped (3.3.11). The library escapes only properties that it knows."""
    return content_line(name, vText(one_line(value)).to_ical().decode())
