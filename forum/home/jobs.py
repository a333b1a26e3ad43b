"""Periodic work: search knows what was there before it, and what these pages say now."""

from __future__ import annotations

from forum.core import jobs, search


@jobs.periodic("search.catch_up", daily="03:10", at_start=True)
def catch_up() -> None:
    """Make anew what was never made, what was made with other words, and the pages that change with the software."""
    search.rebuild(only=sorted({*search.outdated(), "page"}))
    search.settle()
    search.let_in()


@jobs.periodic(search.LET_IN, minutes=1)
def let_in() -> None:
    """Let be found what was written since; it is called for whenever something was."""
    search.let_in()


@jobs.periodic("search.settle", minutes=10)
def settle() -> None:
    """Cut what came and changed into blocks, which is what makes search quick."""
    search.settle()
