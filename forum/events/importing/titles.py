"""What a police department's event titles say: beats, kind, cancelled or not; and the title made readable."""

from __future__ import annotations

import re

from forum.events.importing.text import calm, is_shouted, mend_lost_quotes, one_line

# Spelled as in the source, and as it was meant. Only mistakes that were met; nothing is guessed by distance.
SPELLING = {
    "adocacy": "Advocacy", "advacacy": "Advocacy", "advirory": "Advisory", "apperication": "Appreciation",
    "basebal": "Baseball", "beet": "Beat", "commuinity": "Community", "comunity": "Community",
    "coury": "Court", "domectic": "Domestic", "domesic": "Domestic", "explores": "Explorers",
    "factilitator": "Facilitator", "fatih": "Faith", "infomation": "Information", "junettenth": "Juneteenth",
    "meating": "Meeting", "meeeting": "Meeting", "meeing": "Meeting", "meetign": "Meeting", "meetin": "Meeting",
    "meetng": "Meeting", "meting": "Meeting", "minsiter": "Minister", "nightout": "Night Out",
    "outrreach": "Outreach", "passsenger": "Passenger", "pastorial": "Pastoral", "randon": "Random",
    "residental": "Residential", "subcommitee": "Subcommittee", "subcommitte": "Subcommittee",
    "comittee": "Committee", "violance": "Violence", "yotuh": "Youth",
}  # fmt: skip
_EXPAND = (
    (re.compile(r"\b(?:Bts?|Beats?)\.?\s*(?=#?\s*\d)", re.I), "Beat "),
    (re.compile(r"\bBeat\s+#\s*", re.I), "Beat "),
    (re.compile(r"\bMeeting\s*#\s*(?=\d)", re.I), "Meeting "),
    (re.compile(r"\bMtg\b\.?", re.I), "Meeting"),
    (re.compile(r"\bSect\b\.?", re.I), "Sector"),
    (re.compile(r"\bDist\b\.?", re.I), "District"),
    (re.compile(r"\bCmty\b", re.I), "Community"),
    (re.compile(r"\bcaps\b", re.I), "CAPS"),
    (re.compile(r"\bd\.?a\.?c\b\.?(?=\s|$|/)", re.I), "DAC"),
    (re.compile(r"\be\.a\.v\.i\b\.?", re.I), "EAVI"),
    (re.compile(r"\b0+(\d{1,2})(st|nd|rd|th)\b", re.I), r"\1\2"),
    (re.compile(r"\b0*(\d{1,2})(?=\s+district\b)", re.I), r"\1th"),
    (re.compile(r"\bsub[- ]committee", re.I), "Subcommittee"),
    (re.compile(r"(?<=\d)(?=and\b)"), " "),
    (re.compile(r"\s*\*{2,}\s*"), " "),
    (re.compile(r"(?<=\d)\s*,\s*(?=\d)"), ", "),
    (re.compile(r"\s+([,;:])"), r"\1"),
    (re.compile(r"(?<=[A-Za-z]):(?=\d)"), ": "),
    (re.compile(r"Beat Meeting(?=\d)", re.I), "Beat Meeting "),
)
_CANCEL_WORD = re.compile(r"\bcancell?ed\b[\s:!*-]*", re.I)
_NO_MEETING = re.compile(r"^no\s+(?=.*(?:meeting|jury))", re.I)


def clean_title(raw: str) -> str:
    """A title for people: one line, spelled right, not shouted, without the words that say it is cancelled."""
    text = mend_lost_quotes(one_line(raw))
    if is_shouted(_CANCEL_WORD.sub("", text)):
        text = calm(text)
    text = _NO_MEETING.sub("", _CANCEL_WORD.sub("", text))
    for pattern, replacement in _EXPAND:
        text = pattern.sub(replacement, text)
    text = re.sub(r"[A-Za-z]+", lambda match: SPELLING.get(match.group(0).lower(), match.group(0)), text)
    text = re.sub(r"\b(beat|community|sector)(?: (beat|community|sector|business|residential))? meeting(s?)\b",
                  lambda match: match.group(0).title(), text, flags=re.I)  # fmt: skip
    text = one_line(text).strip(" :;,-?")
    if text.count('"') % 2:
        text = text.replace('"', "")
    return text[:1].upper() + text[1:]


def is_misspelled(raw: str) -> bool:
    """Whether a word of the title stands in the table of mistakes."""
    return any(word.lower() in SPELLING for word in re.findall(r"[A-Za-z]+", raw))


def says_cancelled(*texts: str | None) -> bool:
    """Whether a title, story or place says that this very meeting does not take place.

    "Replacement meeting from February 28, which was canceled" does not.
    """
    joined = [one_line(text) for text in texts if text]
    return any(
        (_CANCEL_WORD.search(text) and "which was" not in text.lower())
        or _NO_MEETING.search(text)
        or re.search(r"\bno (?:beat )?meeting\b", text, re.I)
        for text in joined
    )


_BEAT_MEETING = re.compile(r"\bbe[ae]?t\b|\bbts?\b|sector (?:community |caps )?(?:beat )?meeting", re.I)
_NOT_MEETING = re.compile(r"facilitator|roll call|peer jury|walk the beat|hispanic|night out", re.I)
_NUMBERS = re.compile(r"(?<![\d$])\d{2,5}(?!\d|st\b|nd\b|rd\b|th\b)")


def beats_of(title: str, district: int) -> tuple[str, ...]:
    """The beats a title names, as four digits (`0835`), sorted; () where it names none of this district.

    Short forms are completed from the beat before them: "1821,22,23", "1511/24".
    """
    if _NOT_MEETING.search(title) or re.search(
        r"\b(?:20\d\d|ward|annual|block|blocks)\b(?!.*beat)", title, re.I
    ):
        return ()
    found: list[str] = []
    for match in _NUMBERS.finditer(re.sub(r"\b[1-4]0 sect", " sect", one_line(title), flags=re.I)):
        digits = match.group(0).lstrip("0")
        if len(digits) in (3, 4) and int(digits) // 100 == district and not digits.endswith("00"):
            found.append(digits.zfill(4))
        elif len(digits) == 2 and found:
            found.append(found[-1][:2] + digits)
    return tuple(sorted(set(found)))


def is_beat_meeting(title: str, district: int) -> bool:
    """Whether this is the regular meeting of one or several beats, or of a sector."""
    text = one_line(title)
    if _NOT_MEETING.search(text):
        return False
    return bool(beats_of(text, district) or _BEAT_MEETING.search(text))


# In the order in which they are tried: a seniors' workshop is for seniors first.
_KINDS = {
    "senior": r"\bseniors?\b|elder|aging at home|long term care",
    "youth": (
        r"youth|yotuh|explor|peer jury|\bkids?\b|teen|children|girls|boys|basketball|baseball|football|career"
        r"|back[- ]to[- ]school|spring break|officer friendly|easter|halloween"
    ),
    "coffee": r"coffee",
    "school-visit": r"\bschool\b|principal|elementary|\bacademy\b",
    "open-training": r"training|workshop|seminar|\bclass\b|presentation|self[- ]defen[sc]e|awareness",
    "community-service": (
        r"clean|garden|giveaway|food|pantry|blood drive|shred|sweep|donat|volunteer|random acts?|feeding"
        r"|safety seat|hair ?cut|bracelet|service fair|job fair|resource fair"
    ),
    "town-hall": (
        r"town ?hall|\bdac\b|advisory|advocacy|committee|subcommittee|council|community meeting|ward|forum"
        r"|meeting|dialogue|faith|clergy|business|domestic|diversity"
    ),
}


def kind_of(title: str, district: int) -> str:
    """The slug of the kind that fits a title best; `other` where none does."""
    if is_beat_meeting(title, district):
        return "beat-meeting"
    for kind, pattern in _KINDS.items():
        if re.search(pattern, one_line(title), re.I):
            return kind
    return "other"
