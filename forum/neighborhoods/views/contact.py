"""How an officer is reached, as a link where a device can follow one."""

from __future__ import annotations

import re

_PHONE = re.compile(r"\+?[\d\s().-]{7,20}")


def contact_url(contact: str) -> str | None:
    """``mailto:`` or ``tel:`` for an address or a number; None for other words («ask at the front desk»)."""
    if re.fullmatch(r"[^\s@:/?&#]+@[^\s@:/?&#]+\.[^\s@:/?&#]+", contact):
        return f"mailto:{contact}"
    if _PHONE.fullmatch(contact):
        return "tel:" + re.sub(r"[^\d+]", "", contact)
    return None
