"""What somebody writes, as the operations take it, and how long it may be."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

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


def kept(text: str, field: str, most: int, missing: str | LazyString) -> str:
    """*text* as it is kept. Refusal (naming *field*) for none, which says *missing*, or more than *most* characters."""
    text = text.strip()
    if not text:
        raise Refusal(str(missing), field)
    if len(text) > most:
        raise Refusal(_("Use at most %(most)s characters.", most=most), field)
    return text


def checked(text: str) -> str:
    """The words of a post as they are kept. Refusal for none, or too many."""
    return kept(text, "text", LONGEST_TEXT, _l("Write something first."))


def checked_title(title: str) -> str:
    """A title as it is kept. Refusal for none, or a long one."""
    return kept(title, "title", LONGEST_TITLE, _l("Give it a title."))
