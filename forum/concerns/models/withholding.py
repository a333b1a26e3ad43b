"""Why staff took a public concern from the public pages."""

from __future__ import annotations

from enum import StrEnum


class Withholding(StrEnum):
    """The reasons there are; the ledger keeps the one that was given. Dislike of what it says is none."""

    ENDANGERS = "endangers"
    NAMES_SOMEBODY = "names_somebody"
    PERSON_ASKED = "person_asked"
    UNLAWFUL = "unlawful"
