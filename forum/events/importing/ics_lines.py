"""The lines of an iCalendar file (RFC 5545 3.1), unfolded, and sorted by the VEVENT that they stand in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from flask_babel import gettext as _

from forum.events.importing.fields import MAX_BYTES
from forum.events.importing.model import UnreadableFile
from forum.events.importing.text import one_line

_PARAMETER = re.compile(r';([A-Za-z0-9-]+)=("[^"]*"|[^;:"]*)')
ESCAPE = re.compile(r"\\([\\;,nN])")


@dataclass(frozen=True)
class Line:
    """One unfolded content line (RFC 5545 3.1)."""

    name: str
    parameters: dict[str, str]
    value: str

    @property
    def text(self) -> str:
        """The value with TEXT escapes undone (RFC 5545 3.3.11)."""
        return ESCAPE.sub(lambda match: "\n" if match[1] in "nN" else match[1], self.value)


@dataclass
class Block:
    """One VEVENT: its number in the file, counted from 1, and its own lines (not those of an alarm inside)."""

    number: int
    lines: list[Line] = field(default_factory=list)
    broken: str = ""

    @property
    def what(self) -> str:
        """What a person knows it by."""
        return one_line(self.text("SUMMARY") or self.text("UID"))[:80]

    def all(self, name: str) -> list[Line]:
        """Its lines of that name."""
        return [line for line in self.lines if line.name == name]

    def text(self, name: str) -> str:
        """The first such line's text, or nothing."""
        return next((line.text for line in self.all(name)), "")


def lines_of(data: bytes) -> Iterator[Line | str]:
    """Every content line, or its raw text where it is none. UnreadableFile for 5 MB and more, and for no calendar."""
    if len(data) > MAX_BYTES:
        raise UnreadableFile(_("The file is larger than 5 MB."))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    unfolded = re.sub(r"\r?\n[ \t]", "", text.strip())
    if not re.match(r"BEGIN:VCALENDAR\s", unfolded, re.I):
        raise UnreadableFile(_("This is not a calendar: it does not begin with BEGIN:VCALENDAR."))
    for raw in re.split(r"\r?\n|\r", unfolded):
        if raw.strip():
            yield _line(raw)


def _line(raw: str) -> Line | str:
    """The content line, or its raw text where it is none."""
    match = re.match(
        r'([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^;:"]*)(?:,(?:"[^"]*"|[^;:",]*))*)*):(.*)$', raw, re.S
    )
    if match is None:
        return raw
    parameters = {name.upper(): value.strip('"') for name, value in _PARAMETER.findall(match[2])}
    return Line(match[1].upper(), parameters, match[3])


def blocks_of(lines: list[Line | str]) -> tuple[list[Line], list[Block]]:
    """The calendar's own lines, and its VEVENTs."""
    calendar: list[Line] = []
    blocks: list[Block] = []
    stack: list[str] = []
    for line in lines:
        if isinstance(line, Line) and line.name == "BEGIN":
            stack.append(line.value.strip().upper())
            if stack[-1] == "VEVENT":
                blocks.append(Block(len(blocks) + 1))
        elif isinstance(line, Line) and line.name == "END":
            if stack and stack[-1] != line.value.strip().upper() and blocks:
                blocks[-1].broken = _("It does not end where it should.")
            if line.value.strip().upper() in stack:
                while stack.pop() != line.value.strip().upper():
                    pass
        elif stack[-1:] == ["VEVENT"]:
            if isinstance(line, str):
                blocks[-1].broken = _("The line “%(text)s” is not one of a calendar.", text=line[:60])
            else:
                blocks[-1].lines.append(line)
        elif stack == ["VCALENDAR"] and isinstance(line, Line):
            calendar.append(line)
    if "VEVENT" in stack and blocks:
        blocks[-1].broken = _("The file ends in the middle of it.")
    return calendar, blocks
