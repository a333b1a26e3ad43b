"""Reactions in words, and how often each was given."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from flask_babel import gettext as _

from forum.discussions.models import ReactionKind
from forum.discussions.queries import taking_part
from forum.extensions import db

ORDER = (ReactionKind.THANKS, ReactionKind.AGREE, ReactionKind.SAME_HERE)


def counts_of(post_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """How often which word was said, by post; one statement for a page."""
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    if post_ids:
        asked = {"post_ids": list(post_ids)}
        for post_id, kind, count in db.session.execute(taking_part.REACTION_COUNTS, asked):
            found[post_id][str(kind)] = count
    return dict(found)


def words() -> dict[str, str]:
    """What stands on the buttons, in their order."""
    said = {
        ReactionKind.THANKS: _("Thanks"),
        ReactionKind.AGREE: _("Agree"),
        ReactionKind.SAME_HERE: _("Same here"),
    }
    return {str(kind): said[kind] for kind in ORDER}
