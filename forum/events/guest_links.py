"""The part of an address that opens one answer to who has no account: ``17.<seal>``, 128 bits that nobody can make up.

It stands in mail to the guest alone. What it opens is as private as the mailbox: never cached, never in a log
(the route's argument is called ``token``), no referrer.
"""

from __future__ import annotations

from forum.core import tokens

PURPOSE = "guest answer"


def token_for(rsvp_id: int) -> str:
    """The token of the answer *rsvp_id*."""
    return tokens.sealed(rsvp_id, PURPOSE)


def rsvp_id_in(token: str) -> int | None:
    """The answer that *token* was made for; None for every token that this installation did not make."""
    return tokens.unsealed(token, PURPOSE)
