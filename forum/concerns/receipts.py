"""Receipt codes and references.

A receipt code is what somebody without an account comes back with: 95 random bits and a check letter in Crockford's
base 32, ``7K3M-9QPD-X2F4-0ATB-MV8R``. The check is Luhn's, modulo 32: one wrong letter, and nearly every swap of two
neighbors, is noticed before anything is looked up. The table keeps a keyed hash, so neither a backup nor a log opens a
concern.
"""

from __future__ import annotations

import secrets

from forum.core.tokens import ALPHABET, code_as_meant, keyed_hash, random_code, random_letters

LETTERS = 19  # of five random bits, before the check letter
LARGEST_ID = 2**31 - 1
_VALUES = {letter: value for value, letter in enumerate(ALPHABET)}
_DOUBLED = {letter: sum(divmod(2 * value, len(ALPHABET))) for letter, value in _VALUES.items()}


def new_code() -> str:
    """A receipt code in groups of four."""
    letters = random_letters(LETTERS)
    whole = letters + _check_letter(letters)
    return "-".join(whole[at : at + 4] for at in range(0, len(whole), 4))


def is_code(text: str) -> bool:
    """Whether *text*, however it was typed (O for 0, small letters, blanks), can be a receipt code."""
    meant = code_as_meant(text)
    return len(meant) == LETTERS + 1 and _check_letter(meant[:-1]) == meant[-1]


def code_hash(text: str) -> str:
    """What the table keeps of a receipt code; the same for every way to type it."""
    return keyed_hash(code_as_meant(text), "receipt of a concern")


def new_reference() -> str:
    """A reference to speak of a concern with: ``CG-7K3M-9QPD``. It opens nothing."""
    return f"CG-{random_code(8)}"


def reference_as_meant(text: str) -> str:
    """The reference that was typed, in its one spelling; "" for what is none."""
    plain = text.strip().upper().removeprefix("CG").lstrip("-– ")
    meant = code_as_meant(plain)
    return f"CG-{meant[:4]}-{meant[4:]}" if len(meant) == 8 else ""


def random_id() -> int:
    """A key that says nothing of when its row was made."""
    return secrets.randbelow(LARGEST_ID) + 1


def _check_letter(letters: str) -> str:
    """Luhn's check, modulo 32."""
    total = sum(map(_VALUES.__getitem__, letters[-2::-2])) + sum(map(_DOUBLED.__getitem__, letters[::-2]))
    return ALPHABET[-total % len(ALPHABET)]
