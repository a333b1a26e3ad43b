"""A letter that a mail server hands over: whose it is, what it says, and what to answer the mail server.

Who sent it is proved by the address it came to, sealed for one answer (forum/events/invitee.py), not by its From, which
anybody can write; DKIM and SPF are the mail server's business. Logs say what became of it, and never an address.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

import structlog
from flask import current_app

from forum.core import limits
from forum.core.mail_receive import Letter, UnreadableLetter, read
from forum.core.transactions import unit_of_work
from forum.events.invitee import rsvp_id_in
from forum.events.operations.replies import Ending, address_of, take_reply, tell_owner
from forum.events.replies.calendar import Reply, UnreadableReply
from forum.events.replies.calendar import read as read_calendar

AT_MOST = "60 per hour"  # letters to one address; more wait at the mail server
log = structlog.get_logger(__name__)


class Status(IntEnum):
    """What the mail server is told; the numbers are those of sysexits.h, which a pipe ends with."""

    OK = 0
    DATA_ERROR = 65
    NO_USER = 67
    TEMPORARY = 75


@dataclass(frozen=True)
class Receipt:
    """The status, and a sentence that the mail server may pass on to whoever wrote."""

    status: Status
    words: str


DONE = Receipt(Status.OK, "Thank you.")
NOBODY = Receipt(
    Status.NO_USER,
    "This address takes Accept and Decline from the calendar of the person who was invited, nothing else. "
    "The event's page says where to answer and whom to ask.",
)
LATER = Receipt(Status.TEMPORARY, "Too many letters to this address just now; please try again later.")
UNREADABLE = {
    "too_large": Receipt(Status.DATA_ERROR, "This letter is larger than 5 MB and was not read."),
    "broken": Receipt(Status.DATA_ERROR, "This letter could not be read. Please answer on the event's page."),
}


class DryRun(Exception):
    """Raised to undo everything; carries what would have come of it."""

    def __init__(self, receipt: Receipt) -> None:
        super().__init__(receipt.words)
        self.receipt = receipt


def receive(
    data: bytes, *, recipients: Sequence[str] = (), sender: str | None = None, dry_run: bool = False
) -> Receipt:
    """Do what the letter in *data* asks.

    *recipients* and *sender* are the envelope's, as far as known; an empty *sender* is a bounce. Without recipients the
    letter's own headers are believed: the seal decides anyway. With *dry_run* nothing is kept, and the receipt's words
    say what would have happened.
    """
    try:
        letter = read(data)
    except UnreadableLetter as error:
        log.warning("mail refused", why=error.word)
        return DONE if sender == "" else UNREADABLE[error.word]
    automatic = letter.automatic or sender == ""
    number = _addressee(recipients or letter.recipients, letter)
    if number is None:
        return _for_nobody(recipients or letter.recipients, automatic)
    if not dry_run and not limits.hit("mail replies", str(number), AT_MOST):
        log.warning("mail refused", why="too_many", rsvp=number)
        return LATER
    try:
        with unit_of_work():
            endings = _take(number, letter, automatic)
            receipt = _receipt(endings)
            if dry_run:
                raise DryRun(
                    Receipt(receipt.status, f"RSVP {number}: {', '.join(endings)}. Nothing was kept.")
                )
    except DryRun as undone:
        return undone.receipt
    log.info("mail reply", rsvp=number, endings=[str(ending) for ending in endings])
    return receipt


def takes(address: str) -> bool:
    """Whether a letter to *address* would be read at all: one we sealed, or the one behind which seals stand."""
    known = rsvp_id_in(address) is not None or _is_ours(address)
    if not known:
        _log_refused([address])
    return known


def _addressee(addresses: Iterable[str], letter: Letter) -> int | None:
    """The answer that the letter is about; None when no address of it carries our seal.

    Some calendars send to the From of the invitation what belongs to its ORGANIZER, so the seal in there counts too.
    """
    named = [*addresses, *(reply.organizer for reply in _replies(letter, "")[0])]
    return next((found for found in map(rsvp_id_in, named) if found is not None), None)


def _for_nobody(addresses: Sequence[str], automatic: bool) -> Receipt:
    """Bounces of our own mail and machines' answers end here without a word; all else is refused in words."""
    if automatic and any(_is_ours(address) for address in addresses):
        return DONE
    _log_refused(addresses)
    return NOBODY


def _log_refused(addresses: Sequence[str]) -> None:
    log.warning("mail refused", why="seal" if any("+" in address for address in addresses) else "address")


def _is_ours(address: str) -> bool:
    return address.strip().lower() == current_app.config["FORUM"].mail_reply_address.lower() != ""


def _take(number: int, letter: Letter, automatic: bool) -> list[Ending]:
    replies, unreadable = _replies(letter, address_of(number))
    if replies:
        return [take_reply(rsvp_id=number, reply=reply, sent_at=letter.sent_at) for reply in replies]
    if automatic:
        return [Ending.IGNORED]  # RFC 3834 2: a machine gets no answer from a machine
    wanted = unreadable or letter.calendar_too_long or letter.tnef
    return [tell_owner(rsvp_id=number, ending=Ending.UNREADABLE if wanted else Ending.PLAIN)]


def _replies(letter: Letter, ours: str) -> tuple[tuple[Reply, ...], bool]:
    """The answers of the first calendar that holds any, and whether one was there that could not be read."""
    unreadable = False
    for part in letter.calendars:
        try:
            return read_calendar(part, ours), False
        except UnreadableReply as error:
            unreadable = unreadable or error.word == "broken"
    return (), unreadable


def _receipt(endings: list[Ending]) -> Receipt:
    """What could not be done is told to the owner by mail of our own; only what is nobody's goes back."""
    return NOBODY if endings and all(ending is Ending.FOREIGN for ending in endings) else DONE
