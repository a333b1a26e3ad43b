"""Times whose verdict neither chance nor a busy machine gives: are two acts told apart, is one quick.

Told apart: a round times both acts in pairs, in turns the one and the other first, so that what else the machine does
meets both alike. Its measure is how often the one took longer than the other, over all combinations (the AUC; 0.5 is
no difference). Chance leaves the band in a few rounds of a hundred and does not do it again and again to the same
side; a real difference does, in every round.
"""

from __future__ import annotations

import time
from collections.abc import Callable

PAIRS, ROUNDS = 24, 8
Timed = Callable[[], float]  # does something and returns the seconds that count of it


def assert_alike(one: Timed, other: Timed, *, band: tuple[float, float] = (0.3, 0.7)) -> None:
    """Fail when each of ROUNDS rounds finds that *one* takes longer than *other*, or each that it takes less long."""
    found: list[float] = []
    while len(found) < ROUNDS:
        found.append(longer(one, other))
        above, below = found[-1] > band[1], found[-1] < band[0]
        if not (above or below) or min(found) < band[0] < band[1] < max(found):
            return
    raise AssertionError(f"the time tells: AUC of {ROUNDS} rounds {[round(share, 2) for share in found]}")


def longer(one: Timed, other: Timed) -> float:
    """How often *one* took longer than *other*, over all combinations of PAIRS times each."""
    ones, others = [], []
    for pair in range(PAIRS):
        if pair % 2:
            others.append(other())
            ones.append(one())
        else:
            ones.append(one())
            others.append(other())
    return sum((a > b) + 0.5 * (a == b) for a in ones for b in others) / PAIRS**2


def quickest(act: Callable[[], object], *, enough: float = 0.0, tries: int = 4) -> float:
    """The least CPU seconds of this thread that *act* took in *tries*, or the first that are no more than *enough*."""
    taken: list[float] = []
    while len(taken) < tries:
        began = time.thread_time()
        act()
        taken.append(time.thread_time() - began)
        if taken[-1] <= enough:
            break
    return min(taken)


def seconds(act: Callable[[], object]) -> float:
    """What *act* takes, as whoever waits for it sees it."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began
