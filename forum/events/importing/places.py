"""A place as one typed line, parted into a name and an address."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from forum.events.importing.text import calm, is_shouted, one_line


@dataclass(frozen=True)
class Place:
    """`name` and `address` (either may be empty); `key` is equal for two spellings of one address, or empty."""

    name: str = ""
    address: str = ""
    key: str = ""


_UNKNOWN = re.compile(
    r"^(?:t\.?b\.?[ad]\.?|to be (?:announced|determined)|various.*|test|none|n/?a|.*targeted locations to be determined"
    r"|(?:no meeting|meeting cancelled|cancell?ed meeting)|all churches.*)$", re.I)  # fmt: skip
_LEAD = re.compile(
    r"^(?:the )?(?:meeting|event)s? (?:is|are|held|will be)?\s*(?:held )?\b(?:at|a|in)\b\s*:?\s*(?:the )?"
    r"|^(?:the )?location:\s*|^meeting (?=\d)", re.I)  # fmt: skip
_TAIL = re.compile(r"[,.]?\s*\bon the\s*(?:1st|2nd|3rd|4th|first|second|third|fourth)\b.*$", re.I)
_PHONE = re.compile(r"(?:\+?1[-. ])?\(?\d{3}\)?[-. /]*\d{3}[-. ]+\d{4}\b")
_EMAIL = re.compile(r"\S+@\S+")
# "Chicago" alone at the end is as likely the avenue as the city, so the state or the code must follow.
_CITY = re.compile(
    r"[,.]*\s*\bChicago\b[,.]*\s*(?=Il|\d{5})(?:Il+(?:inois)?\b)?[,.]*\s*(\d{5})?\.?\s*$", re.I
)
_DIRECTION = r"(?:[NSEW]\b(?:\s?[.,])?|North\b|South\b|East\b|West\b)"
_SUFFIX = (
    r"(?:St|Street|Ave|Avenue|Blvd|Boulevard|Pl|Place|Rd|Road|Dr|Drive|Pk|Parkway|Pkwy|Ct|Court|Ter|Terrace|Way"
    r"|Lane|Ln|Hwy)"
)
_ADDRESS = re.compile(
    rf"(?P<number>\d{{1,5}}(?:\s?-\s?\d{{1,5}})?)\s*(?P<direction>{_DIRECTION})\s*"
    rf"(?P<street>(?:St\.\s?(?=[A-Z])|St (?=Law|Lou)|Martin Luther |Van (?=Bur)|North (?=Park|Branch)"
    rf"|South (?=shore)|Lake (?=Park|Shore)|Stony |Blue |Cottage |Green (?=Bay)|Forest |La (?=F|S)"
    rf"|Irving |Oak (?=Park)|Marine (?=Dr))?"
    rf"(?:\d{{1,3}}(?:st|nd|rd|th)?|[A-Za-z][\w']*)(?:\s+(?:Preserve|Park|Pk|Shore|Island|Grove|Bay|Branch|King)\b)?"
    rf"(?:\s+{_SUFFIX}\b\.?)*)",
    re.I,
)
_DIRECTIONS = {"north": "N.", "south": "S.", "east": "E.", "west": "W."}


def says_nothing(raw: str | None) -> bool:
    """Whether the text names no place: TBA, various, "no meeting"."""
    return bool(_UNKNOWN.match(one_line(raw).strip(" .")))


def is_run_together(raw: str | None) -> bool:
    """Whether a house number follows a name without a space: "St. Ferdinand's3115 N. Mason"."""
    return bool(re.search(rf"[A-Za-z.)]\d{{3,5}}\s+{_DIRECTION}", one_line(raw)))


def several_addresses(raw: str | None) -> bool:
    """Whether more than one address, or corners of streets by twos, stand in one field."""
    text = one_line(raw)
    return len(_ADDRESS.findall(text)) > 1 or len(re.findall(r"\w+ (?:&|and) \w+", text)) > 2


@lru_cache(maxsize=8192)
def split_place(raw: str | None) -> Place:
    """Name and address of one typed place; phones, e-mails, "the meeting is at" and city tails go."""
    text = one_line(raw)
    if not text or says_nothing(text):
        return Place()
    if several_addresses(text):
        return Place(name="; ".join(line for line in map(one_line, (raw or "").splitlines()) if line))
    text = _TAIL.sub("", _LEAD.sub("", text))
    text = _EMAIL.sub("", _PHONE.sub("", text)).strip(" ,;")
    city = _CITY.search(text)
    code = (city.group(1) or "") if city else ""
    text = _CITY.sub("", text).strip(" ,;")
    if is_shouted(text):
        text = calm(text)
    match = _ADDRESS.search(text)
    if match is None:
        return Place(name=_tidy_name(text))
    name = _tidy_name(f"{text[: match.start()]} {text[match.end() :]}")
    return Place(name, _address(match, code), _key(match))


def _address(match: re.Match[str], code: str) -> str:
    direction = match["direction"]
    direction = _DIRECTIONS.get(direction.lower(), direction[0].upper() + ".")
    street = (
        calm(match["street"].rstrip(" .,"))
        if not match["street"].istitle()
        else match["street"].rstrip(" .,")
    )
    street = re.sub(r"\bSt\.(?=\w)", "St. ", street)
    return f"{match['number']} {direction} {street}" + (f", Chicago, IL {code}" if code else "")


def _key(match: re.Match[str]) -> str:
    street = re.sub(rf"\s+{_SUFFIX}\b\.?", "", match["street"], flags=re.I)
    street = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", street.lower())
    number = match["number"].split("-")[0].strip()
    return f"{number} {match['direction'][0].lower()} {re.sub(r'[^a-z0-9]', '', street)}"


def _tidy_name(text: str) -> str:
    text = re.sub(r"\(\s*\)", "", one_line(text))
    text = re.sub(
        r"\b0+(\d{1,2})(st|nd|rd|th)?(?=\s+dist)",
        lambda f: f"{f[1]}{f[2] or _ordinal(int(f[1]))}",
        text,
        flags=re.I,
    )
    text = re.sub(r"\bDist\b\.?", "District", text, flags=re.I)
    text = re.sub(r"\bPk\b\.?", "Park", text)
    text = re.sub(r"\s+@|@\s+|\s+at$", " ", text)
    text = re.sub(r"^\((.*)\)$", r"\1", text.strip(" ,;-/."))
    text = one_line(re.sub(r",(?:\s*,)+", ",", re.sub(r"\s+([,)])", r"\1", text))).strip(" ,;-/")
    text = text + ")" if text.count("(") > text.count(")") else text
    return text[:1].upper() + text[1:]


def _ordinal(number: int) -> str:
    return "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def misplaced_contact(raw: str | None) -> bool:
    """Whether the field holds a phone or an e-mail address and no address of a house."""
    text = one_line(raw)
    return bool((_PHONE.search(text) or _EMAIL.search(text)) and not _ADDRESS.search(_PHONE.sub("", text)))


def misplaced_story(raw: str | None) -> bool:
    """Whether the field holds sentences about the event and no address."""
    text = one_line(raw)
    return len(text) > 70 and not _ADDRESS.search(text) and text.endswith(".")


def canonical(places: Iterable[Place]) -> dict[str, Place]:
    """For each address key, the spelling to use: the commonest name, and the fullest of the commonest addresses."""
    names: dict[str, Counter[str]] = {}
    addresses: dict[str, Counter[str]] = {}
    for place in places:
        if place.key:
            names.setdefault(place.key, Counter())[place.name] += 1
            addresses.setdefault(place.key, Counter())[place.address] += 1
    return {key: Place(_best_name(names[key]), _fullest(addresses[key]), key) for key in names}


def _best_name(counted: Counter[str]) -> str:
    named = Counter({name: count for name, count in counted.items() if len(name) > 3})
    return min(named, key=lambda name: (-named[name], name)) if named else ""


def _fullest(counted: Counter[str]) -> str:
    return min(counted, key=lambda address: (-counted[address] - 2 * len(address), address))
