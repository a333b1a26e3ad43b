"""Random tokens, keyed hashes of them, numbers that nobody can make up, and short codes that people type."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from functools import cache

from flask import current_app


def random_token(bits: int = 128) -> str:
    """A URL-safe token with at least *bits* random bits."""
    return secrets.token_urlsafe((bits + 7) // 8)


def keyed_hash(token: str, purpose: str) -> str:
    """Hex HMAC-SHA-256 of *token* under the installation's key: what a table keeps instead of the token."""
    return hmac.digest(_key(purpose, current_app.config["FORUM"].secret_key), token.encode(), "sha256").hex()


@cache
def _key(purpose: str, secret: str) -> bytes:
    return hashlib.sha256(f"{purpose}:{secret}".encode()).digest()


def sealed(number: int, purpose: str) -> str:
    """*number* with 128 bits that prove we said it: ``17.<mac>``, letters, digits and one dot. For links, mail, QR."""
    return f"{number}.{keyed_hash(str(number), purpose)[:32]}"


def unsealed(text: str, purpose: str) -> int | None:
    """The number in what :func:`sealed` made for the same *purpose*; None for anything else. Letter case is ignored."""
    digits = text.partition(".")[0]
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 15):
        return None
    genuine = hmac.compare_digest(
        sealed(int(digits), purpose).encode(), text.lower().encode("utf-8", "replace")
    )
    return int(digits) if genuine else None


# Crockford's base 32: no I, L, O or U, so that nothing read aloud or written by hand is taken for something else.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MEANT = str.maketrans("ILO", "110")
_MEANINGLESS = re.compile(f"[^{ALPHABET}]+")


def random_code(letters: int = 8) -> str:
    """A code of five bits a letter for a person to write down, in groups of four: ``7K3M-9QPD``."""
    return _in_groups(random_letters(letters))


def random_letters(many: int) -> str:
    """So many letters of the alphabet, five random bits each."""
    return "".join(ALPHABET[byte & 31] for byte in secrets.token_bytes(many))


def code_for(text: str, purpose: str, letters: int = 8) -> str:
    """Such a code that only this installation can make of *text*, and always the same."""
    number = int(keyed_hash(text, purpose), 16)
    return _in_groups("".join(ALPHABET[number >> 5 * place & 31] for place in range(letters)))


def code_as_meant(text: str) -> str:
    """What was typed, as the code that was meant: capitals, O as 0, I and L as 1, without blanks and dashes."""
    return _MEANINGLESS.sub("", text.upper().translate(_MEANT))


def _in_groups(code: str) -> str:
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))
