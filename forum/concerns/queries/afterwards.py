"""What people said afterwards, in sums that name nobody."""

from __future__ import annotations

from sqlalchemy import Select, func, select

from forum.concerns.models import Afterwards, Question, Verdict
from forum.extensions import db

FEWEST = 10  # a sum of fewer answers could tell whose they were


def sums() -> dict[Question, dict[Verdict, int]]:
    """The verdicts on each question over all; a question with fewer than ``FEWEST`` answers is left out."""
    found: dict[Question, dict[Verdict, int]] = {}
    for question, verdict, count in db.session.execute(_counted()):
        found.setdefault(question, {})[verdict] = count
    return {question: row for question, row in found.items() if sum(row.values()) >= FEWEST}


def _counted() -> Select[Question, Verdict, int]:
    counted = select(Afterwards.question, Afterwards.verdict, func.count())
    return counted.group_by(Afterwards.question, Afterwards.verdict)
