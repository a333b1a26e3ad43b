"""Hiding of whom a text speaks, for the blind second look. Pure.

Whoever looks again shall judge what was done and not whom it was about: what names the police, the agency or somebody
who works for it becomes a blank. What is left may still tell; «masked where it can be» says the page.
"""

from __future__ import annotations

import re
from collections.abc import Collection

BLANK = "[…]"
_NAMES = re.compile(
    r"\b(?:(?:the|la|el|los|las)\s+)?(?:"
    r"police(?:\s+(?:department|officers?|chief|force))?|cops?|officers?|sergeants?|lieutenants?|captains?|chiefs?|"
    r"sheriffs?|deput(?:y|ies)|detectives?|department|precinct|agency|[A-Z]{1,4}PD|"
    r"polic[íi]as?|oficial(?:es)?|agentes?|sargentos?|tenientes?|capit[áa]n(?:es)?|jefes?|comisar[íi]as?|"
    r"departamento|agencia|patrull(?:a|as|eros?)"
    r")\b(?-i:(?:\s+(?!The\b|They\b|I\b|We\b)[A-ZÁÉÍÓÚÑ][a-záéíóúñ’-]+)*)",
    re.I,
)


def masked(text: str, names: Collection[str] = ()) -> str:
    """*text* with blanks for what names the agency (*names*: what it is called here, too)."""
    for name in sorted(filter(None, names), key=len, reverse=True):
        text = re.sub(re.escape(name), BLANK, text, flags=re.I)
    return _NAMES.sub(BLANK, text)
