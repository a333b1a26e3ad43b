"""The address that an invitation carries for one answer: ``rsvp+17.<seal>@town.example`` (subaddressing, RFC 5233).

It stands as ORGANIZER in the mail's calendar, so a calendar's Accept and Decline come back to it, and it proves whose
answer they are: the seal is 128 bits that nobody can make up. It is as good as a link to the answer, and as secret.
"""

from __future__ import annotations

from flask import current_app

from forum.core import tokens

PURPOSE = "rsvp reply"


def address_for(rsvp_id: int) -> str:
    """The address for replies about the answer *rsvp_id*; "" when this installation reads none."""
    local, at, domain = current_app.config["FORUM"].mail_reply_address.partition("@")
    return f"{local}+{tokens.sealed(rsvp_id, PURPOSE)}@{domain}" if at else ""


def rsvp_id_in(address: str) -> int | None:
    """The answer that *address* was made for; None for every address that this installation did not make.

    Letter case and ``mailto:`` do not matter: mail servers and calendars change the one and add the other.
    """
    ours, at, domain = current_app.config["FORUM"].mail_reply_address.lower().partition("@")
    local, _, host = address.strip().lower().removeprefix("mailto:").rpartition("@")
    name, _, seal = local.partition("+")
    return tokens.unsealed(seal, PURPOSE) if at and (name, host) == (ours, domain) else None
