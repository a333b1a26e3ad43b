"""The words of a topic and of a poll as one text that everybody can read, a line each; and such a text taken apart.

The title, then ``Tags: noise, park``, ``Question: Is it loud?``, ``Answer: Yes``. A line says what it is in whatever
language the site speaks; what a line does not say is said to be removed by whoever takes the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum

from flask_babel import gettext as _

from forum.core.languages import offered, written_in
from forum.discussions.models import Poll


class Line(StrEnum):
    """What a line is."""

    ANSWER = "answer"
    QUESTION = "question"
    TAGS = "tags"


# Before each, in what an older version sealed.
_SIGNS = {"#": Line.TAGS, "?": Line.QUESTION, "-": Line.ANSWER}


@dataclass
class Apart:
    """What stood in the lines; *answers* in their order, also those without words."""

    tags: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)


def tag_lines(tags: Sequence[str]) -> list[str]:
    """One line, or none where there are no tags."""
    return [_line(Line.TAGS, ", ".join(tags))] if tags else []


def poll_lines(poll: Poll) -> list[str]:
    """The question, then each answer."""
    answers = (_line(Line.ANSWER, option.words) for option in poll.options)
    return [_line(Line.QUESTION, poll.question), *answers]


@contextmanager
def one_language() -> Iterator[None]:
    """Within the block lines are in the site's first language, whoever reads: places in a text stay where they are."""
    with written_in(offered()[0][0]):
        yield


def apart(lines: Sequence[str]) -> Apart:
    """What *lines* hold. One that says nothing of what it is counts for nothing."""
    known = _known()
    found = Apart()
    for line in lines:
        label, colon, words = line.partition(":")
        kind = known.get(label.strip().casefold()) if colon else None
        if kind is None and line[:1] in _SIGNS:
            kind, words = _SIGNS[line[0]], line[1:]
        if kind is Line.TAGS:
            found.tags += words.split(",")
        elif kind is not None:
            (found.questions if kind is Line.QUESTION else found.answers).append(words.strip())
    return found


def _line(kind: Line, words: str) -> str:
    return f"{_label(kind)}: {words}"


def _label(kind: Line) -> str:
    return {Line.ANSWER: _("Answer"), Line.QUESTION: _("Question"), Line.TAGS: _("Tags")}[kind]


def _known() -> dict[str, Line]:
    """What each kind is called, in every language of the site."""
    found: dict[str, Line] = {}
    for language, _name in offered():
        with written_in(language):
            found |= {_label(kind).casefold(): kind for kind in Line}
    return found
