"""The neutrality check's figures. Pure.

Of the finished sample, by what the texts say of the agency: how many were decided more harshly than somebody who looked
blind would have; and the difference between critics and who praises, with its 95 percent interval (Newcombe 1998,
method 10, from two Wilson intervals). Fewer than ten on a side are too few to say anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from forum.moderation.models import Measure, Stance

LEAST = 10
Z = 1.959964  # of the normal distribution, for 95 percent
# What can be looked at again as it was; a text that was edited since cannot. The second says that a rule was broken.
DRAWN = (Measure.HIDE, Measure.KEEP, Measure.PAUSE, Measure.WARN)
BROKE = (Measure.HIDE, Measure.PAUSE, Measure.WARN)


@dataclass(frozen=True)
class Group:
    """Texts of one stance: how many were looked at again, and how many had been decided too harshly."""

    stance: Stance
    looked: int
    harsh: int


@dataclass(frozen=True)
class Difference:
    """Too harsh among critics, less too harsh among who praises, in percentage points, and its interval."""

    points: float
    low: float
    high: float


def groups(rows: Iterable[tuple[Measure, bool | None, Stance | None]]) -> dict[Stance, Group]:
    """The sample by stance."""
    found = {stance: [0, 0] for stance in Stance}
    for measure, breaks, stance in rows:
        if stance is not None:
            found[stance][0] += 1
            found[stance][1] += measure in BROKE and not breaks
    return {stance: Group(stance, looked, harsh) for stance, (looked, harsh) in found.items()}


def difference(critics: Group, praise: Group) -> Difference | None:
    """The difference, or None while there are too few of either."""
    if min(critics.looked, praise.looked) < LEAST:
        return None
    one, other = critics.harsh / critics.looked, praise.harsh / praise.looked
    low_one, high_one = wilson(critics.harsh, critics.looked)
    low_other, high_other = wilson(praise.harsh, praise.looked)
    apart = one - other
    low = apart - sqrt((one - low_one) ** 2 + (high_other - other) ** 2)
    high = apart + sqrt((high_one - one) ** 2 + (other - low_other) ** 2)
    return Difference(100 * apart, 100 * low, 100 * high)


def wilson(part: int, whole: int) -> tuple[float, float]:
    """Wilson's 95 percent interval of a share."""
    share = part / whole
    middle = share + Z * Z / (2 * whole)
    spread = Z * sqrt(share * (1 - share) / whole + Z * Z / (4 * whole * whole))
    scale = 1 + Z * Z / whole
    return (middle - spread) / scale, (middle + spread) / scale
