"""What an import makes of the features of a file: keys, names and addresses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from forum.core.geo import Feature, GeoJSONError, Shape

LONGEST = 120
RESERVED = frozenset({"city-wide", "find", "following"})  # words that stand where a slug may

_SLUG = re.compile(r"[a-z0-9-]{1,120}")


@dataclass(frozen=True)
class Area:
    """One area of a file. ``key`` tells it from the others at every import."""

    number: int
    key: str
    name: str
    shape: Shape


def areas_of(features: Iterable[Feature], *, key: str | None = None, name: str = "name") -> list[Area]:
    """The areas of *features*, named by the property *name* and told apart by the property *key* (*name* unless given).

    Raises GeoJSONError naming the features without a name or key, with one that is too long, no text or taken.
    """
    areas, problems, taken = [], [], dict[str, int]()
    for feature in features:
        area = Area(feature.number, _words(feature, key or name), _words(feature, name), feature.shape)
        faults = list(_faults(area, key or name, name))
        if not faults and area.key in taken:
            faults = [f"its {key or name} “{area.key}” is that of feature {taken[area.key]} as well"]
        taken.setdefault(area.key, area.number)
        areas.append(area)
        problems += [f"Feature {feature.number}: {fault}." for fault in faults]
    if problems:
        raise GeoJSONError(problems)
    return areas


def slug_for(name: str, taken: Collection[str]) -> str:
    """An address for *name* in a-z, 0-9 and hyphens that is not *taken*: «Sheffield & DePaul» is sheffield-depaul."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")[: LONGEST - 6].strip("-") or "area"
    slug, count = stem, 1
    while slug in taken or slug in RESERVED:
        count += 1
        slug = f"{stem}-{count}"
    return slug


def is_slug(text: str) -> bool:
    """Whether *text* could be an area's address; PostgreSQL fails on some texts (NUL) instead of not finding them."""
    return _SLUG.fullmatch(text) is not None


def _words(feature: Feature, name: str) -> str:
    """A property as one line of text; a whole number is written as one, whatever JSON made of it."""
    value: Any = feature.properties.get(name)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(unicodedata.normalize("NFC", str(value)).split())


def _faults(area: Area, key: str, name: str) -> Iterable[str]:
    for label, value in {name: area.name, key: area.key}.items():
        if not value:
            yield f"it has no property “{label}”"
        elif len(value) > LONGEST:
            yield f"its {label} is longer than {LONGEST} characters"
        elif not _is_text(value):
            yield f"its {label} has characters that are no text"


def _is_text(words: str) -> bool:
    """False for control characters and halves of pairs: no page shows them, and PostgreSQL takes neither."""
    return all(unicodedata.category(character) not in ("Cc", "Cs") for character in words)
