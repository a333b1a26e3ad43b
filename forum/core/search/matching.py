"""Questions in the words of each database: an FTS5 expression, or a tsquery.

Every word in either is ASCII letters and digits made by words.py, and quoted; nothing of what was typed gets here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlalchemy.dialects.postgresql import TSQUERY

from forum.core.search.keeping import TABLE, area_mark, kind_mark, own
from forum.core.search.models import is_sqlite
from forum.core.search.questions import Question, Term

# FTS5's table. Its rowid is the entry's id; the hidden column of its own name takes the expression.
INDEX = sa.table("search_index", sa.column("rowid"), sa.column("search_index"))


def matches(question: Question, audiences: Sequence[str]) -> ColumnElement[bool]:
    """The condition on :func:`entry_id` rows under which an entry answers *question* for one of *audiences*."""
    made = _fts if is_sqlite() else _tsquery
    return _any_of(made(question, audience) for audience in audiences)


def begins(words: Sequence[str], audiences: Sequence[str]) -> ColumnElement[bool]:
    """The condition under which an entry's title holds *words*, the last of them begun."""
    made = _fts_begun if is_sqlite() else _ts_begun
    return _any_of(made([own(audience, word) for word in words]) for audience in audiences)


def entry_id() -> ColumnElement[int]:
    """The id of a matching entry, in the order that both databases can walk backwards."""
    return INDEX.c.rowid if is_sqlite() else TABLE.c.id


def source() -> sa.FromClause:
    """Where ids of matching entries come from."""
    return INDEX if is_sqlite() else TABLE


def _any_of(expressions: Iterable[str]) -> ColumnElement[bool]:
    """Entries that one of *expressions* finds, an audience each: its words are found in no other's list, so nothing
    else need say whom an entry is for (a mark that nearly all have takes longer to walk than all words together)."""
    expression = (" OR " if is_sqlite() else " | ").join(f"({each})" for each in expressions)
    if is_sqlite():
        return INDEX.c.search_index.op("MATCH", is_comparison=True)(sa.bindparam(None, expression, sa.Text()))
    return TABLE.c.vector.op("@@", is_comparison=True)(
        sa.cast(sa.bindparam(None, expression, sa.Text()), TSQUERY)
    )


def marks(question: Question, audience: str) -> Iterator[str]:
    """What an entry has to be marked with."""
    if question.kind:
        yield own(audience, kind_mark(question.kind))
    if question.neighborhood_id is not None:
        yield own(audience, area_mark(question.neighborhood_id))


def _fts(question: Question, audience: str) -> str:
    words = " AND ".join(_fts_term(term, audience) for term in question.terms)
    if question.without:
        words = f"({words}) NOT ({' OR '.join(_fts_term(term, audience) for term in question.without)})"
    marked = "".join(f' AND (marks : ("{mark}"))' for mark in marks(question, audience))
    return f"({{title_stems text_stems}} : ({words})){marked}"


def _fts_begun(words: Sequence[str]) -> str:
    names = " AND ".join([*(f'"{word}"' for word in words[:-1]), f'"{words[-1]}"*'])
    return f"names : ({names})"


def _fts_term(term: Term, audience: str) -> str:
    ways = (" ".join(own(audience, word) for word in way) for way in term.ways)
    return "(" + " OR ".join(f'"{way}"' for way in ways) + ")"


def _tsquery(question: Question, audience: str) -> str:
    parts = [_ts_term(term, audience) for term in question.terms]
    parts += [f"!{_ts_term(term, audience)}" for term in question.without]
    return " & ".join([*parts, *(f"'{mark}'" for mark in marks(question, audience))])


def _ts_begun(words: Sequence[str]) -> str:
    return " & ".join([*(f"'~{word}'" for word in words[:-1]), f"'~{words[-1]}':*"])


def _ts_term(term: Term, audience: str) -> str:
    ways = (" <-> ".join(f"'{own(audience, word)}'" for word in way) for way in term.ways)
    return "(" + " | ".join(f"({way})" for way in ways) + ")"
