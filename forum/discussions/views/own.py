"""What is the reader's own on pages that everybody shares: asked when the first slot needs it, once a page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from datetime import datetime
from functools import cached_property, lru_cache
from secrets import token_hex
from typing import Any

from flask import current_app, g, request, url_for
from flask_login import current_user
from markupsafe import Markup, escape

from forum.core import clock
from forum.core.languages import page_language
from forum.core.shared_pages import personal, slot
from forum.core.templating import csrf_field
from forum.discussions import policy
from forum.discussions.models import Interest, PostState, Topic
from forum.discussions.queries import taking_part, veils
from forum.discussions.views import reactions
from forum.discussions.views.finding import is_verified_for, reader_is_verified
from forum.extensions import db

# Not to be guessed, so that nobody writes one into a post.
_MARK, _TOKEN, _HERE = token_hex(8), token_hex(8), token_hex(8)
_NAMES = ("by", "react_url", "reply_url", "quote_url", "bookmark_url", "report_url")


class TakingPart:
    """What this reader may do in a topic, and has done."""

    def __init__(self, topic: Topic) -> None:
        now, verified = clock.now(), is_verified_for(topic.forum)
        reader = (
            current_user._get_current_object()
        )  # asked for a dozen times: each through flask_login is a search
        self.topic_id = topic.id
        self.last_number = topic.last_number
        self.is_own_topic = topic.author_id is not None and topic.author_id == reader.id
        self.may_reply = policy.can_reply(reader, topic, now, verified=verified)
        self.keeps_order = policy.can_keep_order(reader)
        self.answers = policy.can_answer_officially(reader)
        self.lifts_veils = policy.can_lift_veil(reader)
        self.may_ask = policy.can_poll(reader, topic, now, verified=verified)
        self.is_closed = policy.is_closed(topic)
        self.here = request.full_path.rstrip("?")
        self._own: dict[str, set[int]] | None = None
        self.reader_id = reader.id
        self.is_usual = not (self.reader_id is None or self.is_closed or self.keeps_order) and not (
            self.answers or self.lifts_veils
        )

    @property
    def sign_in_url(self) -> str:
        """For who is not signed in: the way there, and back."""
        return url_for("accounts.sign_in", next=self.here)

    @cached_property
    def token_field(self) -> Markup:
        """The hidden field of their forms: made once, for a page has forty."""
        return csrf_field()

    @cached_property
    def pattern(self) -> str:
        """What most readers like them can do with most posts, for ``%``."""
        return _pattern_for(self)

    @cached_property
    def words(self) -> dict[str, str]:
        """The reactions, in words."""
        return reactions.words()

    @cached_property
    def own_veiled(self) -> frozenset[int]:
        """The posts of the topic that they wrote as a resident of somewhere."""
        if self.reader_id is None or not reader_is_verified():
            return frozenset()
        return frozenset(db.session.scalars(veils.veiled_in(self.topic_id, self.reader_id)))

    def edits(self, row: Mapping[str, Any]) -> bool:
        """Whether the author of a post may still change it; after that they can only take it back."""
        written = datetime.fromisoformat(row["iso"])
        return not self.is_closed and policy.is_fresh(PostState(row["state"]), written, clock.now())

    def said(self, kind: str, post_id: int, page_ids: Sequence[int]) -> bool:
        """Whether they gave this reaction."""
        return post_id in self.own(page_ids)[kind]

    def keeps(self, post_id: int, page_ids: Sequence[int]) -> bool:
        """Whether it is among their bookmarks."""
        return post_id in self.own(page_ids)[taking_part.BOOKMARK]

    def votes(self, page_ids: Sequence[int]) -> set[int]:
        """The options of the poll that they chose."""
        return self.own(page_ids)[taking_part.VOTE]

    def interest(self, page_ids: Sequence[int]) -> str:
        """What they want of this topic."""
        own = self.own(page_ids)
        return next((str(word) for word in Interest if own[word]), str(Interest.NONE))

    def read_number(self, page_ids: Sequence[int]) -> int:
        """How far they have read."""
        own = self.own(page_ids)
        return max((number for word in Interest for number in own[word]), default=0)

    def unread(self, page_ids: Sequence[int]) -> int:
        """How many places come after that."""
        return max(0, self.last_number - self.read_number(page_ids))

    def own(self, page_ids: Sequence[int]) -> Mapping[str, set[int]]:
        """All that is theirs on the page: the posts by word, and how far they have read by interest."""
        if self._own is None:
            self._own = defaultdict(set)
            if self.reader_id is not None:
                asked = {"person_id": self.reader_id, "topic_id": self.topic_id, "post_ids": list(page_ids)}
                for what, number in db.session.execute(taking_part.OWN, asked):
                    self._own[what].add(number)
        return self._own


def post_acts(row: Mapping[str, Any], page_ids: Sequence[int]) -> Markup:
    """A slot: what a reader can do with a post."""
    return slot(_Acts(row, page_ids))


def topic_news(topic_id: int, last: int, page_ids: Sequence[int]) -> Markup:
    """A slot: how much is new in a topic of a list; most are asked in vain, and nothing is rendered for those."""
    return slot(_News(topic_id, last, page_ids))


class _Acts:
    """What readers can do with one post of a page.

    What most of them see of most posts is one pattern with other names in it: rendered once for all of them, and filled
    in one step for each.
    """

    def __init__(self, row: Mapping[str, Any], page_ids: Sequence[int]) -> None:
        self._row, self._page_ids = row, page_ids
        self._alike: dict[str, str] = {}  # what is in the pattern whoever reads

    def __call__(self) -> str:
        part: TakingPart = g.own["taking_part"]
        row, own = self._row, part.own(self._page_ids)
        if not self._is_like_most(part, own):
            return personal("discussions/_own_post.html", row=row, page_ids=self._page_ids)
        if not self._alike:
            self._alike = self._names(part.words)
        said = {f"said {kind}": "true" if row["id"] in own[kind] else "false" for kind in part.words}
        return part.pattern % {**self._alike, **said}

    def _is_like_most(self, part: TakingPart, own: Mapping[str, set[int]]) -> bool:
        """A post that others read, not the reader's own, not among their bookmarks; and a reader who keeps no order."""
        row = self._row
        return (
            part.is_usual
            and row["state"] == "published"
            and not row["gone"]
            and row["author_id"] != part.reader_id
            and not (row["veiled"] and row["id"] in part.own_veiled)
            and row["id"] not in own[taking_part.BOOKMARK]
        )

    def _names(self, kinds: Iterable[str]) -> dict[str, str]:
        counts = {kind: self._row["reactions"].get(kind) for kind in kinds}
        return {name: str(escape(self._row[name])) for name in _NAMES} | {
            f"count {kind}": f' <span class="count">{count}</span>' if count else ""
            for kind, count in counts.items()
        }


def _pattern_for(part: TakingPart) -> str:
    """The acts of a post that there is not, for ``%``: with the names of what stands in each post's own.

    It hangs on the reader's language and on whether they may reply; their token and the address come in at last.
    """
    kept: dict[tuple[str, bool], str] = current_app.extensions.setdefault("post_acts", {})
    key = page_language(), part.may_reply
    if key not in kept:
        kept[key] = _pattern(part)
    return (
        kept[key].replace(_TOKEN, part.token_field).replace(_HERE, str(escape(part.here)).replace("%", "%%"))
    )


def _pattern(part: TakingPart) -> str:
    row: dict[str, Any] = {name: f"{_MARK}{name}{_MARK}" for name in _NAMES}
    row |= {"id": 0, "author_id": 0, "veiled": False, "state": "published", "gone": "", "by_staff": False}
    reader = copy(part)
    reader.here, reader.token_field = _HERE, Markup(_TOKEN)  # noqa: S704 - hexadecimal
    asked = {"row": row | {"reactions": {}}, "page_ids": [], "taking_part": reader}
    text = str(personal("discussions/_own_post.html", **asked))
    for kind in part.words:
        said = f'value="{kind}" aria-pressed="'
        text = text.replace(f'{said}false">', f'{said}{_MARK}said {kind}{_MARK}">')
        words = str(escape(part.words[kind]))
        text = text.replace(f">{words}</button>", f">{words}{_MARK}count {kind}{_MARK}</button>")
    pieces = text.replace("%", "%%").split(_MARK)
    pieces[1::2] = [f"%({name})s" for name in pieces[1::2]]
    return "".join(pieces)


class _News:
    """How much is new in one topic of a list."""

    def __init__(self, topic_id: int, last: int, page_ids: Sequence[int]) -> None:
        self._topic_id, self._last, self._page_ids = topic_id, last, page_ids

    def __call__(self) -> str:
        unread: Unread | None = g.get("own", {}).get("unread")
        new = unread.of(self._topic_id, self._last, self._page_ids) if unread is not None else 0
        if not new:
            return ""
        return _new_words(page_language(), new).replace(_MARK, self._url)

    @cached_property
    def _url(self) -> str:
        return str(escape(url_for("discussions.first_unread", topic_id=self._topic_id)))


@lru_cache(maxsize=1024)
def _new_words(_language: str, new: int) -> str:
    """«3 new», around a mark for the address."""
    return str(personal("discussions/_unread.html", url=_MARK, new=new))


class Unread:
    """How much is new in the topics of a list, to who has opened them before."""

    def __init__(self) -> None:
        self._read: dict[int, int] | None = None

    def of(self, topic_id: int, last: int, page_ids: Sequence[int]) -> int:
        """How many numbers of the topic come after what they have read; 0 for one that they never opened."""
        if self._read is None:
            self._read = {}
            if current_user.is_authenticated and page_ids:
                rows = db.session.execute(taking_part.read_of(current_user.id, page_ids))
                self._read = {row[0]: row[1] for row in rows}
        return max(0, last - self._read[topic_id]) if topic_id in self._read else 0
