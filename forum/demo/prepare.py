"""Makes the files of `data/` from the public sources: trimmed, packed, and with nobody's name, phone or address.

    python -m forum.demo.prepare EVENTS.json NEIGHBORHOODS.geojson [FOLDER]

Run again, it writes the same bytes. The dirt of the rows stays, since the importer is there to deal with it.
Contacts are written anew from the district's number; in titles, stories and places a rank or an honorific with a name
becomes the rank alone, and names that were met with a rank anywhere are taken out everywhere.
"""

from __future__ import annotations

import gzip
import json
import lzma
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from forum.core import geo
from forum.demo.grid import simplified

DATA = Path(__file__).parent / "data"
KEPT = ("calendarId", "start", "end", "title", "eventDetails", "eventUrl", "contactDetails", "location")

PHONE = re.compile(
    r"(?<!\d)(?:\+?1[-. ])?\(?\d{3}\)?[-. /]{0,3}\d{3}[-. =]{1,3}\d{4}(?!\d)|(?<!\d)\d{10}(?!\d)"
)
EMAIL = re.compile(r"[\w.+-]+@[ \t\r\n]*[\w-]+(?:\.[\w-]+)+")
WEB = re.compile(r"(?:https?://|www\.)\S*[\w/]|\b[\w-]+\.(?:com|org|net|gov|edu)(?:/\S*)?\b", re.I)

# Ranks and honorifics, with the words that stand in for one and the name after it.
RANKS = {
    r"P\. ?O\.?|PO|P\.o\.": "a beat officer",
    r"Sgt\.?|Sergeant": "the beat sergeant",
    r"0fficer|Officer": "the beat officer",
    r"Commander|COmmander|Cmdr\.?": "the commander",
    r"Lt\.?|Lieutenant": "the lieutenant",
    r"Capt\.?|Captain": "the captain",
    r"Alderman|Alderwoman|Ald\.": "the alderman",
    r"Commissioner": "the commissioner",
    r"Congressman": "the congressman",
    r"Senator": "the senator",
    r"State Rep\.?|State Representative|Representative|Rep\.": "the representative",
    r"States? Attorney|State's Attorney": "the state's attorney",
    r"ASA|A\.S\.A\.": "an assistant state's attorney",
    r"Pastor": "the pastor",
    r"Rev\.|Reverend|Evangelist|Elder|Bishop|Apostle|Deacon": "the reverend",
    r"Dj|DJ": "a DJ",
    r"performing artist": "performing artists",
    r"brought to you by": "brought to you by a partner",
    r"More Info\.": "More info:",
    r"Mr\.?|Mrs\.?|Ms\.?": "a neighbor",
}
# Words that follow a rank without being a name.
_NO_NAME_WORDS = """
a academy alliance and appreciation at award awards back beat block by caps chicago church club coffee
committee community county crime day dept district event faith for free friendly from hand health housing
illinois in is justice legend live lounge meeting ngl3 of office officers on open or park party picnic
program prevention safety school service skills state street the to training united unity volunteer walk
ward welcome west will with annual attirney's dialogue game drum fellowship apostolic ridge set
"""
_NO_NAME = frozenset(_NO_NAME_WORDS.split())
_WORD = r"[A-Z][\w'’-]*\.?"
_GIVEN = (
    r"Angelica|Annie|Brian|Charles|Corey|Danny|Dee|Dennis|Diana|Emma|Henry|Jennene|John"
    r"|Kimberly|Margie|Mary|Olivia|Osmond|Patricia|Robert|Sandra|Toni|Victoria|William"
)
# Words before which a given name is a place's: "Brian Piccolo School", "St. Mary Church".
_PLACES = (
    "School|Park|Church|Library|Apartments|Center|Stadium|College|Elementary|Hospital|High"
    r"|House|Hall|Playlot|Piccolo"
)
# Family names that are also common words, streets or other people's: with a rank they go, alone they stay.
_COMMON_WORDS = """
archer brown davis douglas ford green howard johnson jones king martin miller park powell scott smith
thompson turner walker white wilson young fraction archers hands night community
"""
_COMMON = frozenset(_COMMON_WORDS.split())


def nth(number: int) -> str:
    """`number` with its English ordinal ending."""
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def phone(district: int) -> str:
    """A number that rings nowhere (555-0100 to 555-0199 are kept for fiction)."""
    return f"312-555-01{district:02d}"


def email(district: int) -> str:
    """An address in a domain that is nobody's (RFC 2606)."""
    return f"district{district:02d}@example.org"


def surnames(rows: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Family names that stand after a rank anywhere in `rows`, but for those that are common words too."""
    found: set[str] = set()
    for row in rows:
        for field in ("title", "eventDetails", "contactDetails", "location"):
            for _, names in _ranked(str(row[field] or "")):
                found |= {name.strip(".'’").removesuffix("'s") for name in names[-1:]}
    return frozenset(name for name in found if len(name) > 4 and name.casefold() not in _NO_NAME | _COMMON)


def _ranked(text: str) -> Iterator[tuple[re.Match[str], list[str]]]:
    """Each rank with a name after it, and the words of the name; group 1 is the rank, group 2 begins with the name."""
    for rank in RANKS:
        either = f"{rank}|{rank.upper()}"
        titles = r"(?:\s+(?:Dr|Mrs?|Rev|Sgt)\.?)?"
        for match in re.finditer(rf"\b({either}){titles},?\s+({_WORD}(?:[ \t]+{_WORD}){{0,3}})", text):
            names: list[str] = []
            for word in match[2].split():
                plain = re.sub(r"['’]s?$", "", word.strip(".,")).casefold()
                if plain in _NO_NAME or re.fullmatch(_PLACES, word.strip(".,")):
                    break
                names.append(word)
                if word.endswith(".") and len(word) > 4:
                    break
            if names:
                yield match, names


def without_names(text: str, known: frozenset[str], *, title: bool = False) -> str:
    """`text` with ranked names made roles, and known family names (with the given name before them) taken out.

    In a `title` the rank stays as it is written, and a name without one leaves nothing behind.
    """
    for _ in range(6):
        hit = next(_ranked(text), None)
        if hit is None:
            break
        match, names = hit
        end = match.start(2)
        for name in names:
            end = text.index(name, end) + len(name)
        role = match[1] if title else _role(match[1])
        if not text[: match.start()].strip() or re.search(r"[.!?]\s*$", text[: match.start()]):
            role = role[:1].upper() + role[1:]
        owner = "'s" if re.search(r"['’]s?$", names[-1]) else ""
        stop = "." if re.search(r"[^\W\d_]{4,}\.$", names[-1]) else ""
        text = f"{text[: match.start()]}{role}{owner}{stop}{text[end:]}"
    somebody = "" if title else "a neighbor"
    text = re.sub(rf"\b(?:{_GIVEN}) (?:[A-Z]\. )?(?!(?:{_PLACES})\b)[A-Z][\w-]+\b", somebody, text)
    if known:
        text = re.sub(rf"\b(?:{_WORD} )?(?:{'|'.join(sorted(map(re.escape, known)))})\b", somebody, text)
    return text


def _role(rank: str) -> str:
    return next(role for pattern, role in RANKS.items() if re.fullmatch(pattern, rank, re.I))


def without_contacts(text: str, district: int) -> str:
    """`text` with phones, e-mail and web addresses that lead nowhere in the place of its own."""
    text = EMAIL.sub(email(district), text)
    text = WEB.sub(
        lambda match: match.group(0) if "example.org" in match.group(0) else "www.example.org", text
    )
    return re.sub(r"(?<=[a-z])(?=312-555)", " ", PHONE.sub(phone(district), text))


def contact(raw: str | None, district: int) -> str | None:
    """A role and numbers that lead nowhere in the place of a contact; its white space stays as dirty as it was."""
    if raw is None or not raw.strip():
        return raw
    body = raw.strip()
    mark = "\n" if re.search(r"[\r\n\t]", body) else "  " if "  " in body else " "
    rank = re.search(r"\b(?:P\.? ?O\.?|0?fficer|Officer|Sgt|Sergeant)\b", body, re.I)
    role = f"{nth(district)} District community policing office"
    if rank:
        role = "The beat sergeant" if "s" in rank[0].lower()[:1] else "The beat officer"
    elif body.startswith("The organizers") or not re.search(
        r"caps|communit|policing|district|\d{3}", body.replace("@example.org", ""), re.I
    ):
        role = "The organizers"
    parts = [role]
    parts += [phone(district)] if re.search(r"\d{3}\D{0,3}\d{3}", body) else []
    parts += [email(district)] if "@" in body else []
    before, after = raw[: len(raw) - len(raw.lstrip())], raw[len(raw.rstrip()) :]
    return before + mark.join(parts) + after


def cleaned(rows: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows of the calendar with their dirt and without people."""
    known = surnames(rows)
    result = []
    for row in rows:
        district = int(row["calendarId"])
        new = {name: row.get(name) for name in KEPT}
        new["contactDetails"] = contact(row["contactDetails"], district)
        for field in ("title", "eventDetails", "location"):
            if row[field]:
                text = without_contacts(row[field], district)
                if field != "location" or re.search(r"officer|pastor|bishop|congressman", text, re.I):
                    text = without_names(text, known, title=field == "title")
                new[field] = text
        if row["eventUrl"]:
            new["eventUrl"] = "http://www.example.org/" if "://" in row["eventUrl"] else "www.example.org"
        result.append(new)
    return result


def boundaries(source: Mapping[str, Any], tolerance: float = 0.0001) -> dict[str, Any]:
    """The collection with its lines thinned out (Douglas and Peucker) and its coordinates cut to a meter or so.

    `tolerance` is in degrees: 0.0001 is some 10 meters. Shared borders may part by as much.
    """
    return {"type": "FeatureCollection", "features": [_thinned(one, tolerance) for one in source["features"]]}


def _thinned(feature: Mapping[str, Any], tolerance: float) -> dict[str, Any]:
    """One feature, thinned as far as its lines do not come to cross each other."""
    geometry = feature["geometry"]
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    thin = [[_ring(ring, tolerance) for ring in polygon] for polygon in polygons]
    thin = [[ring for ring in polygon if len(ring) >= 4] for polygon in thin]
    result = {
        "type": "Feature",
        "properties": {"name": feature["properties"]["name"]},
        "geometry": {"type": "MultiPolygon", "coordinates": [polygon for polygon in thin if polygon]},
    }
    try:
        geo.read_features({"type": "FeatureCollection", "features": [result]})
    except geo.GeoJSONError:
        if tolerance < 1e-6:
            raise
        return _thinned(feature, tolerance / 2)
    return result


def _ring(ring: list[list[float]], tolerance: float) -> list[list[float]]:
    points = [(round(point[0], 5), round(point[1], 5)) for point in ring]
    middle = len(points) // 2
    thin = [*simplified(points[: middle + 1], tolerance), *simplified(points[middle:], tolerance)[1:]]
    return [list(point) for point in thin]


def main(arguments: list[str]) -> None:
    """Writes both files; see the module's docstring."""
    events, neighborhoods, folder = Path(arguments[0]), Path(arguments[1]), Path([*arguments, str(DATA)][2])
    rows = cleaned(json.loads(events.read_text("utf-8")))
    packed = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()
    (folder / "chicago_events.json.xz").write_bytes(lzma.compress(packed, preset=9))
    areas = json.dumps(
        boundaries(json.loads(neighborhoods.read_text("utf-8"))), separators=(",", ":")
    ).encode()
    (folder / "chicago_neighborhoods.geojson.gz").write_bytes(gzip.compress(areas, mtime=0))


if __name__ == "__main__":
    main(sys.argv[1:])
