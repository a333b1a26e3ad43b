"""How much one account writes in a day before a person reads what follows: by its age. Pure functions of numbers.

Held, like what a filter finds, and published beside them. Who has an account for long writes as many posts as they like
where they talk: what tells a flood from a conversation is in how many conversations it stands. Staff have no limit.
"""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

DAY = timedelta(days=1)
NEW = timedelta(days=28)


class Pace(NamedTuple):
    """What somebody wrote within a day: posts, different topics that these stand in, topics that they began."""

    posts: int = 0
    topics: int = 0
    begun: int = 0


FIRST_DAY = Pace(posts=20, topics=20, begun=5)
FIRST_WEEKS = Pace(posts=50, topics=30, begun=10)
LATER = Pace(posts=0, topics=30, begun=20)  # 0: as many as they like


def limit_at(age: timedelta) -> Pace:
    """What an account of this *age* writes in a day."""
    if age < DAY:
        return FIRST_DAY
    return FIRST_WEEKS if age < NEW else LATER


def is_much(age: timedelta, pace: Pace) -> bool:
    """Whether *pace*, with what comes now, is more than an account of this *age* writes."""
    return any(most and count > most for count, most in zip(pace, limit_at(age), strict=True))
