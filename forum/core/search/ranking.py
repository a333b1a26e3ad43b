"""Which of a thousand matches is the best: the same reckoning on both databases, in Python.

It is BM25 with its usual constants over what was matched: a short text counts more than a long one, and a word in the
title as much as four in the text. All words are in all matches, so none of them is rarer than another there.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter

from forum.core.search.lists import HEAVIEST
from forum.core.search.questions import Term

RANKED = 1200  # characters of stems that are read for it
IN_TITLE = 4
K, B = 1.2, 0.75
_STEP, _LONGEST = 8, 255  # lengths are told in eights of letters, so that a byte holds one
Weighed = tuple[tuple[int, ...], int]  # how much each term weighs in an entry, and the entry's length
UNKNOWN: Weighed = ((), _LONGEST)  # of what is gone by now: it comes last


def weigh(terms: Sequence[Term], title: str, text: str) -> Weighed:
    """An entry by its stems."""
    length = length_of(len(title) + len(text))
    title, text = (
        _apart(title) if title else "",
        _apart(text),
    )  # no title, as with every post but a topic's first
    weights = []
    for term in terms:
        ways = [_apart(" ".join(way)) for way in term.ways]
        weights.append(weight_of(sum(map(title.count, ways)), sum(map(text.count, ways))))
    return tuple(weights), length


def _apart(words: str) -> str:
    """With a blank at each side of each word, so that each of two that follow each other is counted."""
    return f" {words.replace(' ', '  ')} "


def weight_of(in_title: int, in_text: int) -> int:
    """What a word counts that is there so often. One is least, for it may stand behind what is read."""
    return min(HEAVIEST, max(1, IN_TITLE * in_title + in_text))


def length_of(letters: int) -> int:
    """A length as it is kept."""
    return min(_LONGEST, letters // _STEP + 1)


def best_first(entries: Sequence[Weighed]) -> list[int]:
    """The places of *entries* (the newest first), the best first; of two equals the newer."""
    if not entries:
        return []
    flat, slope = K * (1 - B), K * B * len(entries) / sum(map(itemgetter(1), entries))
    # Most are alike: each word once, and as long as many others.
    worth = {entry: _worth(entry[0], flat + slope * entry[1]) for entry in set(entries)}
    scores = [worth[entry] for entry in entries]
    return sorted(range(len(entries)), key=scores.__getitem__, reverse=True)  # equals stay the newest first


def _worth(weights: Sequence[int], damped: float) -> float:
    return sum(weight / (weight + damped) for weight in weights)
