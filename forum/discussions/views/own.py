"""What is the reader's own on pages that everybody shares: asked when the first slot needs it, once a page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from flask import request, url_for
from flask_login import current_user

from forum.core import clock
from forum.discussions import policy
from forum.discussions.models import Interest, PostState, Topic
from forum.discussions.queries import taking_part, veils
from forum.discussions.views import reactions
from forum.discussions.views.finding import is_verified_for, reader_is_verified
from forum.extensions import db


class TakingPart:
    """What this reader may do in a topic, and has done."""

    def __init__(self, topic: Topic) -> None:
        now, verified = clock.now(), is_verified_for(topic.forum)
        self.topic_id = topic.id
        self.last_number = topic.last_number
        self.may_reply = policy.can_reply(current_user, topic, now, verified=verified)
        self.keeps_order = policy.can_keep_order(current_user)
        self.answers = policy.can_answer_officially(current_user)
        self.lifts_veils = policy.can_lift_veil(current_user)
        self.may_ask = policy.can_poll(current_user, topic, now, verified=verified)
        self.is_closed = policy.is_closed(topic)
        self.here = request.full_path.rstrip("?")
        self.sign_in_url = url_for("accounts.sign_in", next=self.here)
        self._own: dict[str, set[int]] | None = None

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
            if current_user.is_authenticated:
                wanted = taking_part.own_of(current_user.id, self.topic_id, page_ids)
                for what, number in db.session.execute(wanted):
                    self._own[what].add(number)
        return self._own


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
