"""The part of an address that people read."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 80


def slug_of(title: str, empty: str) -> str:
    """Small ASCII letters, digits and hyphens, at most LONGEST; *empty* for a title that has none of them."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST].rstrip("-") or empty
