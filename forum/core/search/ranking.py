"""Which of a thousand matches is the best: the same reckoning on both databases, in Python.

It is BM25 with its usual constants over what was matched: a rare word of the question counts more than a common one, a
short text more than a long one, and a word in the title as much as four in the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log

from forum.core.search.questions import Term

Stored = tuple[int, str, str, str]  # an entry's id, its language, the stems of its title and of its text
IN_TITLE = 4
K, B = 1.2, 0.75


def best_first(terms: Sequence[Term], rows: Sequence[Stored]) -> list[int]:
    """The ids of *rows* (the newest first), the best first; of two equals the newer."""
    if not rows:
        return []
    ways = {
        language: [f" {' '.join(term.way(language))} " for term in terms]
        for language in {row[1] for row in rows}
    }
    counts = [_counts(ways[language], title, text) for _id, language, title, text in rows]
    lengths = [len(title) + len(text) + 1 for _id, _language, title, text in rows]
    worth = [_worth(len(rows) - of_term.count(0), len(rows)) for of_term in zip(*counts, strict=True)]
    flat, slope = K * (1 - B), K * B * len(lengths) / sum(lengths)
    scores = []
    for of_row, length in zip(counts, lengths, strict=True):
        damped, score = flat + slope * length, 0.0
        for n, value in zip(of_row, worth, strict=True):
            score += value * n / (n + damped)
        scores.append(score)
    order = sorted(range(len(rows)), key=scores.__getitem__, reverse=True)  # equals stay the newest first
    return [rows[place][0] for place in order]


def _counts(ways: Sequence[str], title: str, text: str) -> list[int]:
    """How often each of *ways* is in a text; in the title it counts more."""
    text = f" {text} "
    if not title:  # as with every post but a topic's first
        return [text.count(way) for way in ways]
    title = f" {title} "
    return [IN_TITLE * title.count(way) + text.count(way) for way in ways]


def _worth(having: int, rows: int) -> float:
    """How much a term tells that *having* of *rows* have; more than nothing even where all have it."""
    return log(1 + (rows - having + 0.5) / (having + 0.5)) + 0.1
