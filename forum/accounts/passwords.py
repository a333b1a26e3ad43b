"""Passwords: which are refused, and their hashes.

argon2id with 19 MiB, two passes and one lane (OWASP's minimum for interactive sign-in): 25 to 40 ms and little enough
memory for several at once. A semaphore bounds how many, so that a flood of sign-ins queues instead of filling memory.

A password is put into NFC and its non-ASCII blanks become U+0020, as RFC 8265 4.2.2 (OpaqueString) says, so that the
same keys on another device give the same bytes; nothing is trimmed, folded or cut. Controls, NUL among them, are
refused when a password is chosen (same section).

``common_passwords.txt.gz`` holds 16,293 words of eight characters or more: the union of the lists in Django 5.2
(BSD-3-Clause) and zxcvbn 4.5 (MIT), case-folded, sorted, one a line.
"""

from __future__ import annotations

import gzip
import threading
import unicodedata
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import gettext as _
from werkzeug.exceptions import ServiceUnavailable

from forum.core.writers import lane

SHORTEST = 8
LONGEST = 1024
AT_ONCE = 2
PATIENCE = 10  # seconds a sign-in waits for its turn at the hasher

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_turns = threading.BoundedSemaphore(AT_ONCE)
# Verified when nobody has the address, so that the answer takes as long: nobody's password, with today's parameters.
_NOBODY = _hasher.hash("nobody signs in with this")


def hash_password(password: str) -> str:
    """The argon2id string to store. Slow on purpose: call it before an operation begins, never under the write lock."""
    with lane.aside(), _Turn():
        return _hasher.hash(_prepared(password))


def matches(stored: str | None, password: str) -> bool:
    """Whether *password* is the one behind *stored*; takes the same time when there is no *stored* hash."""
    with lane.aside(), _Turn():
        try:
            right = _hasher.verify(stored or _NOBODY, _prepared(password))
        except (VerificationError, InvalidHashError):
            return False
    return right and stored is not None


def outdated(stored: str) -> bool:
    """Whether *stored* was made with other parameters than today's, and is to be made anew at the next sign-in."""
    return _hasher.check_needs_rehash(stored)


def problem_with(password: str, *, about: tuple[str, ...] = ()) -> str | None:
    """Why *password* may not be chosen, in words, or None.

    *about* are words anyone could guess for this person: the address, the name, the agency's name (ASVS 5.0, 6.2.11).
    """
    if len(password) < SHORTEST:
        return _("Use at least %(least)s characters. A few words in a row work well.", least=SHORTEST)
    if len(password) > LONGEST:
        return _("Use at most %(most)s characters.", most=LONGEST)
    if any(unicodedata.category(character) == "Cc" for character in password):
        return _("This holds a character that cannot be typed on a keyboard. Please leave it out.")
    if _bare(password) in _guessable(about):
        return _(
            "This is your own address or name, or the site’s. Please choose something nobody would try first."
        )
    if password.casefold() in _common():
        return _("Many people use this password, so it is tried first. Please choose another.")
    return None


class _Turn:
    """A turn at the hasher; 503 when the line is too long."""

    def __enter__(self) -> None:
        if not _turns.acquire(timeout=PATIENCE):
            raise ServiceUnavailable

    def __exit__(self, *_: object) -> None:
        _turns.release()


def _prepared(password: str) -> bytes:
    cut = password[: LONGEST + 1]  # nothing longer can be anybody's; the hash is spared the rest
    spaced = "".join(" " if unicodedata.category(character) == "Zs" else character for character in cut)
    return unicodedata.normalize("NFC", spaced).encode("utf-8", "surrogatepass")


def _bare(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _guessable(about: tuple[str, ...]) -> set[str]:
    words = {"common ground", *about, *(text.partition("@")[0] for text in about)}
    return {bare for bare in map(_bare, words) if bare}


@cache
def _common() -> frozenset[str]:
    path = Path(__file__).with_name("common_passwords.txt.gz")
    return frozenset(gzip.decompress(path.read_bytes()).decode().split("\n"))
