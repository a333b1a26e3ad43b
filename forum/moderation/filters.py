"""What may hold a thing until a person has read it: pure functions of its text, each described at /moderation/filters.

A filter finds a place in a text and a kind of reason. It never decides, it never sees who wrote, and it knows nothing
of what the text says about the agency: criticism and praise go through unread. There is no list of words that are bad
to say; the lists below tell the form of an address, of a description, of a link.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache

LONGEST = 20_000  # characters that are read; what is longer is not a post
NEW_ACCOUNT = timedelta(days=1)
LINKS, LINKS_WHEN_NEW = 4, 1  # how many links are usual
SPAM_AT = 2  # points


class Filter(StrEnum):
    """Why something waits for a person. Sorted; a word is never given a second meaning."""

    ADDRESS = "address"
    APPEARANCE = "appearance"
    CONTACT = "contact"
    FIRST_POST = "first_post"  # not of the text: the agency reads the first posts of new accounts for a while
    MUCH = "much"  # not of the text: more in a day than accounts of this age write (pace.py)
    NAMED = "named"
    PLATE = "plate"
    SPAM = "spam"


@dataclass(frozen=True)
class Finding:
    """A reason and its place: *words* is what stands from *start* to *end*."""

    kind: Filter
    start: int
    end: int
    words: str


@dataclass(frozen=True)
class Lately:
    """What the same account wrote in the last hours: how many things, how many of them are the very same text, and in
    how many other topics they stand."""

    count: int = 0
    same: int = 0
    topics: int = 0


NOTHING = Lately()


def check(
    text: str,
    *,
    account_age: timedelta | None = None,
    lately: Lately = NOTHING,
    known: Collection[str] = (),
) -> list[Finding]:
    """What a person should look at before others read *text*, in the order it stands there.

    *account_age* and *lately* serve the spam score alone; *known* are telephone numbers and addresses that the agency
    publishes itself.
    """
    text = text[:LONGEST]
    found = [*_in_words(text, _public(tuple(known))), *_spam(text, account_age, lately)]
    return sorted(found, key=lambda finding: (finding.start, finding.kind))


def own_contacts(text: str, *, known: Collection[str] = ()) -> list[Finding]:
    """One's own telephone numbers and e-mail addresses: nothing is held for them. Who is about to post them is asked,
    because everybody will read them; *known* as in check()."""
    text = text[:LONGEST]
    if not _may_have_contacts(text):
        return []
    public = _public(tuple(known))
    found = {
        match.start(): _finding(Filter.CONTACT, text, match)
        for pattern in (_EMAIL, _PHONE, _TEN_DIGITS)
        for match in pattern.finditer(text)
        if _is_of_somebody(match[0], public) and _is_own(text, match)
    }
    return [found[start] for start in sorted(found)]


@lru_cache(maxsize=8)
def _public(known: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_plain(each) for each in known if each)


@lru_cache(maxsize=8)  # a post is looked at before it is sent and once more under the lock, where others wait
def _in_words(text: str, public: Collection[str]) -> tuple[Finding, ...]:
    """What hangs on the words alone."""
    small = text.lower() if text.isascii() else ""
    looks: list[Iterator[Finding]] = []
    if _NUMBER.search(text) or _may_have(_SPANISH_STREETS, small):
        looks.append(_addresses(text))
    if _may_have_contacts(text):
        looks.append(_contacts(text, public))
    if _may_have(_PLATE_PARTS, small):
        looks.append(_plates(text))
    if _may_have(_WHO_PARTS, small):
        looks.append(_named(text))
    if _may_have(_RACE_PARTS, small):
        looks.append(_appearance(text))
    return tuple(finding for look in looks for finding in look)


def _may_have(parts: Collection[str], small: str) -> bool:
    """Whether a look can find anything: to see that a text has none of the *parts* which each of its places has takes
    a tenth of the time. A text with letters that ASCII does not know is always looked at."""
    return not small or any(part in small for part in parts)


# ---- Where somebody lives ----

_STREET = (
    r"(?:street|st|avenue|ave|road|rd|boulevard|blvd|drive|dr|lane|ln|court|ct|place|pl|terrace|ter|parkway|pkwy|"
    r"way)"
)
_ADDRESS = re.compile(
    rf"\b\d{{1,5}}\s+(?:[NSEW]\.?\s+|(?:north|south|east|west)\s+)?(?:[\w'’-]+\s+){{1,3}}{_STREET}\b\.?"
    r"|\b(?:calle|avenida|av\.|camino|paseo)\s+(?:[\w'’-]+\s+){1,4}?(?:n[úu]m(?:ero|\.)?\s*|#\s*)?\d{1,5}\b",
    re.I,
)
_NUMBER = re.compile(r"\d\s")
_SPANISH_STREETS = ("calle", "avenida", "av.", "camino", "paseo")
_HOME = re.compile(
    r"\b(?:lives?|living|home|house|apartment|apt|unit|resid(?:es|ence)|address|vive|viven|casa|domicilio|apartamento|"
    r"direcci[óo]n)\b",
    re.I,
)


def _addresses(text: str) -> Iterator[Finding]:
    """A house number with a street, in a sentence that speaks of a home; the address of a meeting is none of that."""
    for match in _ADDRESS.finditer(text):
        if _HOME.search(_sentence(text, match.start(), match.end())):
            yield _finding(Filter.ADDRESS, text, match)


# ---- Telephone and e-mail ----

_EMAIL = re.compile(r"\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}\b")
_PHONE = re.compile(
    r"(?<![\d-])(?:\+?1[ .-]?)?\(?\d{3}\)?[ .-]\d{3}[ .-]?\d{4}(?![\d-])|(?<!\d)\d{3}-\d{4}(?!\d)"
)
_TEN_DIGITS = re.compile(r"(?<![\d-])\d{10}(?![\d-])")  # so bare only where the words say whose number it is
_FOUR_DIGITS = re.compile(r"\d{4}")
_TOLL_FREE = re.compile(r"^\+?1?\D*8(?:00|33|44|55|66|77|88)")
_OWN = re.compile(
    r"\b(?:my|our|mi|nuestro|nuestra)\b[^.!?\n]{0,40}$|"
    r"\b(?:(?:call|text|reach|e-?mail|write(?: to)?) me|(?:ll[áa]m|escr[íi]b)[ae]n?me)\b[^.!?\n]{0,20}$",
    re.I,
)


def _may_have_contacts(text: str) -> bool:
    return "@" in text or _FOUR_DIGITS.search(text) is not None


def _contacts(text: str, public: Collection[str]) -> Iterator[Finding]:
    """A number or address of somebody else: not one's own, not the agency's, not one that is free to call."""
    for pattern in (_EMAIL, _PHONE):
        for match in pattern.finditer(text):
            if _is_of_somebody(match[0], public) and not _is_own(text, match):
                yield _finding(Filter.CONTACT, text, match)


def _is_of_somebody(contact: str, public: Collection[str]) -> bool:
    return _plain(contact) not in public and not _TOLL_FREE.match(contact)


def _is_own(text: str, match: re.Match[str]) -> bool:
    return _OWN.search(text[max(0, match.start() - 60) : match.start()]) is not None


def _plain(contact: str) -> str:
    return contact.casefold() if "@" in contact else re.sub(r"\D", "", contact)[-10:]


# ---- License plates ----

_PLATE_WORD = re.compile(
    r"\b(?:licen[sc]e plate|plates?|tags?|placas?|matr[íi]culas?)\b[^.!?\n]{0,25}?", re.I
)
_PLATE_PARTS = ("plate", "tag", "placa", "matricula")
_PLATE = re.compile(r"\b(?=[A-Z0-9 -]{5,9}\b)(?=[A-Z -]*\d)(?=[\d -]*[A-Z])[A-Z0-9]{1,4}[ -]?[A-Z0-9]{1,5}\b")


def _plates(text: str) -> Iterator[Finding]:
    for word in _PLATE_WORD.finditer(text):
        match = _PLATE.search(text, word.end(), min(len(text), word.end() + 35))
        if match is not None:
            yield _finding(Filter.PLATE, text, match)


# ---- The name of a minor or of who suffered a crime ----

_WHO = (
    r"(?:\d{1,2}[- ]year[- ]old|minor|child|kid|juvenile|toddler|student|son|daughter|victim|niñ[oa]|menor|hij[oa]|"
    r"alumn[oa]|v[íi]ctima)"
)
_WHO_PARTS = (
    "year", "minor", "child", "kid", "juvenile", "toddler", "student", "son", "daughter", "victim", "menor", "hij",
    "alumn",
)  # fmt: skip
_LINK = r"(?:\s*,\s*|\s+(?:is|was|named|called|se llama(?:ba)?|llamad[oa]|era|es|fue)\s+|\s+)"
_NAMED = re.compile(
    rf"(?i:\b{_WHO}){_LINK}(?:(?:named|called|llamad[oa])\s+)?(?P<name>[A-ZÁÉÍÓÚÑ][a-záéíóúñ'’-]+(?:\s+[A-ZÁÉÍÓÚÑ][a-záéíóúñ'’-]+)+)"
    rf"|(?i:\b{_WHO})\s*,?\s*(?:named|called|llamad[oa]|se llama(?:ba)?)\s+(?P<first>[A-ZÁÉÍÓÚÑ][a-záéíóúñ'’-]+)"
)


def _named(text: str) -> Iterator[Finding]:
    """A full name right beside «victim», «minor» or an age; or any name after «named»."""
    for match in _NAMED.finditer(text):
        group = "name" if match["name"] else "first"
        yield Finding(Filter.NAMED, match.start(group), match.end(group), match[group])


# ---- What somebody looks like, and nothing of what they did ----

_SUSPECTED = re.compile(
    r"\b(?:suspicious|sketchy|shady|lurking|prowl(?:er|ing)|loitering|out of place|"
    r"(?:does|do|did)(?:n['’]t| not) belong|up to no good|sospechos[oa]s?|raro|rara|merode(?:a|ando)|"
    r"no es de aqu[íi])\b",
    re.I,
)
_RACE = (
    r"(?:black|african[- ]american|white|brown|hispanic|latin[oa]|asian|arab|middle[- ]eastern|native american|mexican|"
    r"negr[oa]s?|moren[oa]s?|blanc[oa]s?|hispan[oa]s?|asi[áa]tic[oa]s?|[áa]rabes?)"
)
_RACE_PARTS = (
    "black", "white", "brown", "american", "hispan", "latin", "asian", "asiatic", "arab", "eastern", "mexican", "negr",
    "moren", "blanc",
)  # fmt: skip
_PEOPLE = (
    r"(?:males?|females?|m[ae]n|wom[ae]n|guys?|girls?|boys?|kids?|teens?|teenagers?|youths?|persons?|people|dudes?|"
    r"individuals?|hombres?|mujer(?:es)?|muchach[oa]s?|j[óo]ven(?:es)?|personas?|tipos?|chic[oa]s?)"
)
_DESCRIBED = re.compile(rf"\b{_RACE}\s+(?:\w+\s+)?{_PEOPLE}\b|\b{_PEOPLE}\s+(?:\w+\s+)?{_RACE}\b", re.I)
_BEHAVIOR = re.compile(
    r"\b(?:"
    r"tr(?:y|ies|ied|ying)|check(?:s|ed|ing)?|pull(?:s|ed|ing)?|open(?:s|ed|ing)?|broke|break(?:s|ing)?|"
    r"climb(?:s|ed|ing)?|took|tak(?:e|es|ing)|st(?:ole|eal|ealing)|grabb?(?:ed|ing|s)?|follow(?:s|ed|ing)?|hit|hitting|punch(?:ed|ing)?|"
    r"threw|throw(?:s|ing)?|yell(?:s|ed|ing)?|threaten(?:s|ed|ing)?|carr(?:y|ied|ying)|knock(?:s|ed|ing)?|"
    r"look(?:s|ed|ing)? into|peer(?:s|ed|ing)?|test(?:s|ed|ing)?|cut(?:s|ting)?|spray(?:s|ed|ing)?|ran|running|"
    r"chas(?:e|ed|ing)|smash(?:ed|ing)?|"
    r"photograph(?:s|ed|ing)?|film(?:s|ed|ing)?|sell(?:s|ing)?|sold|jump(?:s|ed|ing)?|lift(?:s|ed|ing)?|"
    r"intent(?:a|ó|aba|aban|ando)|abr(?:e|ió|ía|iendo)|romp(?:e|ió|ía|iendo)|rob(?:a|ó|aba|ando)|sigu(?:e|ió|iendo)|"
    r"golpe(?:a|ó|aba|ando)|tir(?:a|ó|aba|ando)|grit(?:a|ó|aba|ando)|amenaz(?:a|ó|aba|ando)|toc(?:a|ó|aba|ando)|"
    r"mir(?:a|ó|aba|ando) (?:dentro|por)|forz(?:ó|aba|ando)|fuerza|salt(?:a|ó|aba|ando)|"
    r"corr(?:e|ió|ía|iendo)|llev(?:a|ó|aba|ando))\b",
    re.I,
)


# What others think of people like that is no description of somebody: «they stop every black man as suspicious».
_OF_OTHERS = re.compile(
    r"\b(?:think(?:s|ing)?|thought|treat(?:s|ed|ing)?|see(?:s|n)? as|consider(?:s|ed)?|stop(?:s|ped|ping)?|profil\w+|"
    r"every|any|all|that|why|because|piensan?|tratan?|considera(?:n|ba)?|cada|todos?|todas?|que|porque)\b",
    re.I,
)
_GOES_ON = re.compile(r"\s*(?:he|she|the (?:man|woman|guy|person)|[ée]l|ella)\b", re.I)
NEAR = 45  # characters between «suspicious» and the description


def _appearance(text: str) -> Iterator[Finding]:
    """Someone is called suspicious and described by race, and nothing says what they did: here, or in what follows and
    begins with «he» or «she»."""
    for match in _DESCRIBED.finditer(text):
        begin, end = _span(text, match.start(), match.end())
        sentence = text[begin:end]
        if _OF_OTHERS.search(sentence) or not _is_called_suspicious(
            sentence, match.start() - begin, match.end() - begin
        ):
            continue
        after = text[end : _span(text, end + 1, end + 1)[1]].lstrip(".!?")
        if not _BEHAVIOR.search(sentence + (after if _GOES_ON.match(after) else "")):
            yield _finding(Filter.APPEARANCE, text, match)


def _is_called_suspicious(sentence: str, start: int, end: int) -> bool:
    return any(
        start - word.end() <= NEAR and word.start() - end <= NEAR for word in _SUSPECTED.finditer(sentence)
    )


# ---- Advertising and floods ----

_URL = re.compile(r"\bhttps?://[^\s<>()]+|\bwww\.[^\s<>()]+", re.I)


def _spam(text: str, account_age: timedelta | None, lately: Lately) -> Iterator[Finding]:
    """Points for many links, for the same text again, for a new account that begins with a link; two points hold."""
    links = list(_URL.finditer(text))
    new = account_age is not None and account_age < NEW_ACCOUNT
    over = len(links) - (LINKS_WHEN_NEW if new else LINKS)
    points = max(0, over) + (1 if new and links else 0)
    points += 2 * lately.same
    if points >= SPAM_AT:
        start, end = links[0].span() if links else (0, len(text))
        yield Finding(Filter.SPAM, start, end, text[start:end])


_END = re.compile(r"[.!?]+(?=\s+[\"“¿¡A-ZÁÉÍÓÚÑ0-9])|\n")


def _span(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the sentence around a place begins and ends. A period before a small letter («St. in») ends none."""
    before = [match.end() for match in _END.finditer(text, max(0, start - 400), start)]
    after = _END.search(text, max(start, end - 1), min(len(text), end + 400))
    return (before[-1] if before else max(0, start - 400)), (
        after.start() if after else min(len(text), end + 400)
    )


def _sentence(text: str, start: int, end: int) -> str:
    begin, stop = _span(text, start, end)
    return text[begin:stop]


def _finding(kind: Filter, text: str, match: re.Match[str]) -> Finding:
    return Finding(kind, match.start(), match.end(), text[match.start() : match.end()])
