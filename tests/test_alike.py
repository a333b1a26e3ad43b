"""The measure of tests/alike.py finds a difference and nothing else. The times are dice of fixed seeds."""

from __future__ import annotations

import random
from itertools import count

import pytest

from tests.alike import PAIRS, ROUNDS, Timed, assert_alike

pytestmark = pytest.mark.once


def dice(seed: int, least: float) -> Timed:
    """Times of a busy machine: at least so long, and some of them much longer."""
    chance = random.Random(seed)
    return lambda: least + chance.expovariate(5)


@pytest.mark.parametrize(("one", "other"), [(1.0, 2.0), (2.0, 1.0)])
def test_what_takes_longer_is_found_on_whichever_side(one: float, other: float) -> None:
    with pytest.raises(AssertionError, match="the time tells"):
        assert_alike(dice(1, one), dice(2, other))


def test_chance_is_not_taken_for_a_difference() -> None:
    for seed in range(500):
        assert_alike(dice(seed, 1.0), dice(seed + 1000, 1.0))


def test_whoever_comes_second_may_take_longer() -> None:
    calls = count()

    def timed() -> float:
        return float(next(calls) % 2)

    assert_alike(timed, timed)
    assert next(calls) == 2 * PAIRS


def test_a_machine_that_stalls_through_most_rounds_decides_nothing() -> None:
    calls = count()

    def stalled() -> float:
        return 5.0 if next(calls) < PAIRS * (ROUNDS - 1) else 1.0

    assert_alike(stalled, lambda: 1.0)
