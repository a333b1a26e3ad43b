"""How a series repeats: checking a rule, expanding it to dates, saying it in words. No database, no request.

Times are naive and on the wall clock of the series' zone. A rule is the text of RFC 5545 3.3.10 without ``RRULE:``.
"""

from forum.events.recurrence.expansion import LIMIT, expand
from forum.events.recurrence.rules import Problem, RecurrenceError, check, with_end
from forum.events.recurrence.shifting import Pattern, turns
from forum.events.recurrence.words import describe, preset_words, presets_for, problem_words

__all__ = [
    "LIMIT",
    "Pattern",
    "Problem",
    "RecurrenceError",
    "check",
    "describe",
    "expand",
    "preset_words",
    "presets_for",
    "problem_words",
    "turns",
    "with_end",
]
