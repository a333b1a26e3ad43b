"""What somebody writes, as the operations take it, and how long it may be."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from flask_babel import gettext as _

from forum.core.errors import Refusal
from forum.discussions import mentions
from forum.discussions.mentions import Rendered
from forum.discussions.operations.attaching import NOTHING, Enclosed

LONGEST_TITLE = 150
LONGEST_TEXT = 10_000


@dataclass(frozen=True, kw_only=True)
class Written:
    """What somebody writes. *key* is the form's own, so that one sent twice is one post.

    *as_resident*: under «Resident of» their verified neighborhood instead of their name.
    """

    text: str
    key: str | None = None
    as_resident: bool = False
    pictures: Enclosed = NOTHING

    @cached_property
    def words(self) -> str:
        """The text as it is kept. Refusal for none, or too much of it."""
        return checked(self.text)

    @cached_property
    def rendered(self) -> Rendered:
        """What is made of the words. It takes as long as the database does, so whoever can asks for it before the lock
        is held: it hangs on nothing that a moment changes."""
        return mentions.both(self.words)


def checked(text: str) -> str:
    """*text* as it is kept. Refusal for none, or too much of it."""
    text = text.strip()
    if not text:
        raise Refusal(_("Write something first."), "text")
    if len(text) > LONGEST_TEXT:
        raise Refusal(_("Use at most %(most)s characters.", most=LONGEST_TEXT), "text")
    return text


def checked_title(title: str) -> str:
    """A title as it is kept. Refusal for none, or a long one."""
    title = title.strip()
    if not title:
        raise Refusal(_("Give it a title."), "title")
    if len(title) > LONGEST_TITLE:
        raise Refusal(_("Use at most %(most)s characters.", most=LONGEST_TITLE), "title")
    return title
