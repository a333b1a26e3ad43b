"""What is the reader's own on pages that everybody shares: asked when the first slot needs it, once a page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property, partial
from secrets import token_hex
from typing import Any

from flask import g, request, url_for
from flask_login import current_user
from markupsafe import Markup, escape

from forum.core import clock
from forum.core.shared_pages import personal, slot
from forum.core.templating import csrf_field
from forum.discussions import policy
from forum.discussions.models import Interest, PostState, Topic
from forum.discussions.queries import taking_part, veils
from forum.discussions.views import reactions
from forum.discussions.views.finding import is_verified_for, reader_is_verified
from forum.extensions import db

_MARK = token_hex(8)  # not to be guessed, so that nobody writes one into a post
_NAMES = ("by", "react_url", "reply_url", "quote_url", "bookmark_url", "report_url")


class TakingPart:
    """What this reader may do in a topic, and has done."""

    def __init__(self, topic: Topic) -> None:
        now, verified = clock.now(), is_verified_for(topic.forum)
        self.topic_id = topic.id
        self.last_number = topic.last_number
        self.is_own_topic = topic.author_id is not None and topic.author_id == current_user.id
        self.may_reply = policy.can_reply(current_user, topic, now, verified=verified)
        self.keeps_order = policy.can_keep_order(current_user)
        self.answers = policy.can_answer_officially(current_user)
        self.lifts_veils = policy.can_lift_veil(current_user)
        self.may_ask = policy.can_poll(current_user, topic, now, verified=verified)
        self.is_closed = policy.is_closed(topic)
        self.here = request.full_path.rstrip("?")
        self.sign_in_url = url_for("accounts.sign_in", next=self.here)
        self._own: dict[str, set[int]] | None = None
        self.reader_id = current_user.id
        self.is_usual = not (self.reader_id is None or self.is_closed or self.keeps_order) and not (
            self.answers or self.lifts_veils
        )

    @cached_property
    def token_field(self) -> Markup:
        """The hidden field of their forms: made once, for a page has forty."""
        return csrf_field()

    @cached_property
    def words(self) -> dict[str, str]:
        """The reactions, in words."""
        return reactions.words()

    @cached_property
    def own_veiled(self) -> frozenset[int]:
        """The posts of the topic that they wrote as a resident of somewhere."""
        if current_user.id is None or not reader_is_verified():
            return frozenset()
        return frozenset(db.session.scalars(veils.veiled_in(self.topic_id, current_user.id)))

    def edits(self, row: Mapping[str, Any]) -> bool:
        """Whether the author of a post may still change it; after that they can only take it back."""
        written = datetime.fromisoformat(row["iso"])
        return not self.is_closed and policy.is_fresh(PostState(row["state"]), written, clock.now())

    def said(self, kind: str, post_id: int, page_ids: Sequence[int]) -> bool:
        """Whether they gave this reaction."""
        return post_id in self._all(page_ids)[kind]

    def keeps(self, post_id: int, page_ids: Sequence[int]) -> bool:
        """Whether it is among their bookmarks."""
        return post_id in self._all(page_ids)[taking_part.BOOKMARK]

    def votes(self, page_ids: Sequence[int]) -> set[int]:
        """The options of the poll that they chose."""
        return self._all(page_ids)[taking_part.VOTE]

    def interest(self, page_ids: Sequence[int]) -> str:
        """What they want of this topic."""
        own = self._all(page_ids)
        return next((str(word) for word in Interest if own[word]), str(Interest.NONE))

    def read_number(self, page_ids: Sequence[int]) -> int:
        """How far they have read."""
        own = self._all(page_ids)
        return max((number for word in Interest for number in own[word]), default=0)

    def unread(self, page_ids: Sequence[int]) -> int:
        """How many places come after that."""
        return max(0, self.last_number - self.read_number(page_ids))

    def _all(self, page_ids: Sequence[int]) -> dict[str, set[int]]:
        if self._own is None:
            self._own = defaultdict(set)
            if self.reader_id is not None:
                asked = {"person_id": self.reader_id, "topic_id": self.topic_id, "post_ids": list(page_ids)}
                for what, number in db.session.execute(taking_part.OWN, asked):
                    self._own[what].add(number)
        return self._own


def post_acts(row: Mapping[str, Any], page_ids: Sequence[int]) -> Markup:
    """A slot: what a reader can do with a post."""
    return slot(partial(_acts, row, page_ids))


def topic_news(topic_id: int, last: int, page_ids: Sequence[int]) -> Markup:
    """A slot: how much is new in a topic of a list; most are asked in vain, and nothing is rendered for those."""
    return slot(partial(_news, topic_id, last, page_ids))


def _acts(row: Mapping[str, Any], page_ids: Sequence[int]) -> str:
    part: TakingPart = g.own["taking_part"]
    if not _is_like_most(part, row, page_ids):
        return personal("discussions/_own_post.html", row=row, page_ids=page_ids)
    # What most readers see of most posts is one pattern with other names in it: rendered once a page, not twenty times.
    pattern: list[str] | None = g.get("acts_pattern")
    if pattern is None:
        pattern = g.acts_pattern = _pattern(part, page_ids)
    pieces = pattern.copy()
    for place in range(1, len(pieces), 2):
        pieces[place] = _piece(part, row, page_ids, pieces[place])
    return "".join(pieces)


def _is_like_most(part: TakingPart, row: Mapping[str, Any], page_ids: Sequence[int]) -> bool:
    """A post that others read, not the reader's own, not among their bookmarks; and a reader who keeps no order."""
    return (
        part.is_usual
        and row["state"] == "published"
        and not row["gone"]
        and row["author_id"] != part.reader_id
        and not (row["veiled"] and row["id"] in part.own_veiled)
        and not part.keeps(row["id"], page_ids)
    )


def _pattern(part: TakingPart, page_ids: Sequence[int]) -> list[str]:
    """The acts of a post that there is not: its text, with the name of what stands there at every second place."""
    row: dict[str, Any] = {name: f"{_MARK}{name}{_MARK}" for name in _NAMES}
    row |= {"id": 0, "author_id": 0, "veiled": False, "state": "published", "gone": "", "by_staff": False}
    text = str(personal("discussions/_own_post.html", row=row | {"reactions": {}}, page_ids=page_ids))
    for kind in part.words:
        said = f'value="{kind}" aria-pressed="'
        text = text.replace(f'{said}false">', f'{said}{_MARK}said {kind}{_MARK}">')
        words = str(escape(part.words[kind]))
        text = text.replace(f">{words}</button>", f">{words}{_MARK}count {kind}{_MARK}</button>")
    return text.split(_MARK)


def _piece(part: TakingPart, row: Mapping[str, Any], page_ids: Sequence[int], name: str) -> str:
    what, _blank, kind = name.partition(" ")
    if what == "said":
        return "true" if part.said(kind, row["id"], page_ids) else "false"
    if what == "count":
        count = row["reactions"].get(kind)
        return f' <span class="count">{count}</span>' if count else ""
    return str(escape(row[name]))


def _news(topic_id: int, last: int, page_ids: Sequence[int]) -> str:
    unread: Unread | None = g.get("own", {}).get("unread")
    new = unread.of(topic_id, last, page_ids) if unread is not None else 0
    if unread is None or not new:
        return ""
    if new not in unread.words:
        unread.words[new] = str(personal("discussions/_unread.html", url=_MARK, new=new))
    url = url_for("discussions.first_unread", topic_id=topic_id)
    return unread.words[new].replace(_MARK, str(escape(url)))


class Unread:
    """How much is new in the topics of a list, to who has opened them before."""

    def __init__(self) -> None:
        self._read: dict[int, int] | None = None
        self.words: dict[int, str] = {}  # "3 new", rendered once for each number on a page

    def of(self, topic_id: int, last: int, page_ids: Sequence[int]) -> int:
        """How many numbers of the topic come after what they have read; 0 for one that they never opened."""
        if self._read is None:
            self._read = {}
            if current_user.is_authenticated and page_ids:
                rows = db.session.execute(taking_part.read_of(current_user.id, page_ids))
                self._read = {row[0]: row[1] for row in rows}
        return max(0, last - self._read[topic_id]) if topic_id in self._read else 0
