"""Search over everything, behind one small interface; it knows no slice.

**A slice that wants its things found** writes a ``Kind`` (registry.py) in ``<slice>/views/search.py``, and then:

1. ``search.register(forum.<slice>.views.search.KIND)`` in ``forum/wiring.py``, so that search can load and rebuild;
2. ``search.renew("<kind>", thing.id)`` at the end of every operation that changes what is found, who may find it, or
   whether it is there at all; the kind's ``entries`` is asked what it is now, and a thing it leaves out goes
   (``search.add_soon`` of what is new and made at the busiest moments: the job worker lets it in);
3. its acts in ``tests/home/test_search_kept.py``, which holds what acts left to what a rebuild makes.

**What is kept** is one row a thing in ``search_entry``: title and plain text, their stems, and marks for audience, kind
and neighborhoods. SQLite looks in an FTS5 table beside it that triggers keep, PostgreSQL in a tsvector with a GIN
index. Words are folded and stemmed in Python (words.py), so both find the same.

**Who finds what** is decided in the index by the entry's audience, before anything is counted or cut into pages, and
once more by the kind's own ``load``. What nobody but a few may know of is not put in at all.
"""

from forum.core.search.asking import COUNTED, Answer, Order, Result, find, suggest
from forum.core.search.blocks import settle
from forum.core.search.keeping import (
    LET_IN,
    add,
    add_soon,
    let_in,
    outdated,
    postponed,
    put,
    rebuild,
    remove,
    renew,
)
from forum.core.search.questions import LONGEST, Question, question
from forum.core.search.registry import PUBLIC, Entry, Found, Kind, kinds, register

__all__ = [
    "COUNTED",
    "LET_IN",
    "LONGEST",
    "PUBLIC",
    "Answer",
    "Entry",
    "Found",
    "Kind",
    "Order",
    "Question",
    "Result",
    "add",
    "add_soon",
    "find",
    "kinds",
    "let_in",
    "outdated",
    "postponed",
    "put",
    "question",
    "rebuild",
    "register",
    "remove",
    "renew",
    "settle",
    "suggest",
]
