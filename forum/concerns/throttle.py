"""How often a concern may be sent or a receipt code tried. Counted in memory alone (core/fleeting_limits.py).

Ten wrong codes in ten minutes, and the address waits: a delay, never a lock, and whoever waits is let in by the right
code. After a thousand wrong ones in an hour from everywhere each address has one try a minute. Right and wrong codes
wait alike. A made-up forwarded header changes nothing: core/limits.py says which address counts.
"""

from __future__ import annotations

from flask_babel import ngettext

from forum.core import fleeting_limits as counts
from forum.core.errors import Refusal

FORMS = "5 per 15 minutes"
WRONG_CODES = "10 per 10 minutes"
WRONG_CODES_IN_ALL = "1000 per hour"
TRIES_WHILE_MANY_ARE_WRONG = "1 per minute"
EVERYBODY = "everybody"


class PleaseWait(Refusal):
    """Words with the wait in them; views answer 429 with Retry-After."""

    def __init__(self, seconds: int) -> None:
        minutes = max(1, -(-seconds // 60))
        super().__init__(
            ngettext(
                "These were many tries in a short time. Nothing is lost. Please wait a minute and try again.",
                "These were many tries in a short time. Nothing is lost. Please wait %(num)d minutes and try again.",
                minutes,
            )
        )
        self.seconds = seconds


def count_form() -> None:
    """Count one concern sent from this address. Raises PleaseWait."""
    address = counts.address()
    if not counts.hit("concern-form", address, FORMS):
        raise PleaseWait(counts.retry_after("concern-form", address, FORMS))


def before_code() -> None:
    """Call before a code is looked up, right or wrong. Raises PleaseWait."""
    address = counts.address()
    if counts.blocked("concern-code", address, WRONG_CODES):
        raise PleaseWait(counts.retry_after("concern-code", address, WRONG_CODES))
    if counts.blocked("concern-codes", EVERYBODY, WRONG_CODES_IN_ALL) and not counts.hit(
        "concern-code-slow", address, TRIES_WHILE_MANY_ARE_WRONG
    ):
        raise PleaseWait(counts.retry_after("concern-code-slow", address, TRIES_WHILE_MANY_ARE_WRONG))


def wrong_code() -> None:
    """The code that was tried opens nothing."""
    counts.hit("concern-code", counts.address(), WRONG_CODES)
    counts.hit("concern-codes", EVERYBODY, WRONG_CODES_IN_ALL)
