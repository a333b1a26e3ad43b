"""Words of this slice."""

from __future__ import annotations

from enum import StrEnum


class Staff(StrEnum):
    """The roles that work at the desk: words of accounts.Role, which is of a higher tier (a test compares them)."""

    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    OFFICER = "officer"
    REVIEWER = "reviewer"
    SUPERVISOR = "supervisor"
