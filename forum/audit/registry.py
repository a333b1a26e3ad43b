"""What wiring fills in: how the ledger's readers learn the names behind ids."""

from __future__ import annotations

from collections.abc import Callable, Collection

# Ids to names of those that still have one; an erased person stays a number.
Namer = Callable[[Collection[int]], dict[int, str]]


class Names:
    """The registered resolver."""

    def __init__(self) -> None:
        self.of: Namer = lambda _ids: {}


names = Names()


def register_names(namer: Namer) -> None:
    """Name actors by *namer*."""
    names.of = namer
