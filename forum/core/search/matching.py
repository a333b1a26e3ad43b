"""Questions in the words of each database: an FTS5 expression, or a tsquery.

Every word in either is ASCII letters and digits made by words.py, and quoted; nothing of what was typed gets here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlalchemy.dialects.postgresql import TSQUERY

from forum.core.search.keeping import TABLE, area_mark, audience_mark, kind_mark
from forum.core.search.models import is_sqlite
from forum.core.search.questions import Phrase, Question, Term
from forum.core.search.registry import every_audience

# FTS5's table. Its rowid is the entry's id; the hidden column of its own name takes the expression.
INDEX = sa.table("search_index", sa.column("rowid"), sa.column("search_index"))


def matches(question: Question, audiences: Sequence[str]) -> ColumnElement[bool]:
    """The condition on :func:`entry_id` rows under which an entry answers *question* for one of *audiences*."""
    marks: list[list[str]] = []
    if question.kind:
        marks.append([kind_mark(question.kind)])
    if question.neighborhood_id is not None:
        marks.append([area_mark(question.neighborhood_id)])
    if is_sqlite():
        return _condition(_fts(question, marks, sorted(every_audience() - set(audiences))))
    marks.append([audience_mark(each) for each in audiences])
    return _condition(_tsquery(question, marks))


def begins(words: Sequence[str], audiences: Sequence[str]) -> ColumnElement[bool]:
    """The condition under which an entry's title holds *words*, the last of them begun."""
    marks = [audience_mark(each) for each in audiences]
    if is_sqlite():
        names = " AND ".join([*(f'"{word}"' for word in words[:-1]), f'"{words[-1]}"*'])
        return _condition(f"(names : ({names})) AND {_fts_marks([marks])}")
    names = " & ".join([*(f"'~{word}'" for word in words[:-1]), f"'~{words[-1]}':*"])
    return _condition(f"{names} & {_any(marks)}")


def entry_id() -> ColumnElement[int]:
    """The id of a matching entry, in the order that both databases can walk backwards."""
    return INDEX.c.rowid if is_sqlite() else TABLE.c.id


def source() -> sa.FromClause:
    """Where ids of matching entries come from."""
    return INDEX if is_sqlite() else TABLE


def _condition(expression: str) -> ColumnElement[bool]:
    if is_sqlite():
        return INDEX.c.search_index.op("MATCH", is_comparison=True)(sa.bindparam(None, expression, sa.Text()))
    return TABLE.c.vector.op("@@", is_comparison=True)(
        sa.cast(sa.bindparam(None, expression, sa.Text()), TSQUERY)
    )


def _fts(question: Question, marks: Sequence[Iterable[str]], hidden: Sequence[str]) -> str:
    """Without what is for the audiences *hidden*: to ask instead for what is for everybody walks over a mark that
    almost every entry has, which takes twice as long as all words together."""
    words = " AND ".join(map(_fts_term, question.terms))
    if question.without:
        words = f"({words}) NOT ({' OR '.join(map(_fts_term, question.without))})"
    asked = f"({{title_stems text_stems}} : ({words}))"
    if marks:
        asked = f"({asked} AND {_fts_marks(marks)})"
    return f"{asked} NOT {_fts_marks([map(audience_mark, hidden)])}" if hidden else asked


def _fts_term(term: Term) -> str:
    return "(" + " OR ".join(f'"{" ".join(way)}"' for way in term.ways) + ")"


def _fts_marks(marks: Iterable[Iterable[str]]) -> str:
    found = ["(" + " OR ".join(f'"{mark}"' for mark in either) + ")" for either in marks]
    return f"(marks : ({' AND '.join(found)}))"


def _tsquery(question: Question, marks: Iterable[Iterable[str]]) -> str:
    parts = [_ts_term(term) for term in question.terms]
    parts += [f"!{_ts_term(term)}" for term in question.without]
    return " & ".join([*parts, *map(_any, marks)])


def _ts_term(term: Term) -> str:
    return "(" + " | ".join(map(_ts_phrase, term.ways)) + ")"


def _ts_phrase(way: Phrase) -> str:
    return "(" + " <-> ".join(f"'{word}'" for word in way) + ")"


def _any(words: Iterable[str]) -> str:
    return "(" + " | ".join(f"'{word}'" for word in words) + ")"
