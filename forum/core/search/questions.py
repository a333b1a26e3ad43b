"""What somebody typed, read: words, "phrases" and what is not to be in it. Nothing that is typed is an error."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from forum.core.search.words import STEMMED, plain_words, stem

LONGEST = 300  # characters of a question that are read
MOST_TERMS = 10
MOST_IN_PHRASE = 12
# A quotation that is never closed goes on to the end. Quotation marks of other hands count too.
_PART = re.compile(
    r"""(?P<minus>(?<!\S)[-−–])?(?:["“”„«»](?P<phrase>[^"“”„«»]*)["“”„«»]?|(?P<word>[^\s"“”„«»]+))"""
)
Phrase = tuple[str, ...]
_PLACES = {language: place for place, language in enumerate(STEMMED)}


@dataclass(frozen=True, slots=True)
class Term:
    """One word or phrase as each language that has a stemmer would keep it, and as all others would."""

    by_language: tuple[Phrase, ...]

    @property
    def ways(self) -> tuple[Phrase, ...]:
        """Any of these will do."""
        return tuple(dict.fromkeys(self.by_language))

    def way(self, language: str) -> Phrase:
        """How a text in *language* has it."""
        return self.by_language[_PLACES.get(language.split("-")[0], -1)]


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is looked for. Local days, both inclusive; an empty filter asks nothing."""

    terms: tuple[Term, ...] = ()
    without: tuple[Term, ...] = ()
    typed: str = ""
    cut: bool = False  # more was typed than is read
    kind: str = ""
    neighborhood_id: int | None = None
    from_day: date | None = None
    to_day: date | None = None

    @property
    def stems(self) -> frozenset[str]:
        """Every stem that a found text may have been found by."""
        return frozenset(word for term in self.terms for way in term.ways for word in way)


def read(typed: str) -> tuple[tuple[Term, ...], tuple[Term, ...], bool]:
    """The terms that must be there, those that must not, and whether more was typed than was read."""
    wanted: list[Term] = []
    without: list[Term] = []
    cut = len(typed) > LONGEST
    for part in _PART.finditer(typed[:LONGEST]):
        text = part["phrase"] if part["phrase"] is not None else part["word"]
        term = _term(plain_words(text)[:MOST_IN_PHRASE])
        if term is None:
            continue
        if len(wanted) + len(without) == MOST_TERMS:
            cut = True
            break
        (without if part["minus"] else wanted).append(term)
    return tuple(dict.fromkeys(wanted)), tuple(dict.fromkeys(without)), cut


def question(typed: str, **filters: object) -> Question:
    """The question that *typed* and *filters* ask."""
    terms, without, cut = read(typed)
    return Question(terms=terms, without=without, typed=typed[:LONGEST].strip(), cut=cut, **filters)  # type: ignore[arg-type]


def _term(words: list[str]) -> Term | None:
    """Nobody says in which language they ask: a text is found by the words as its own language stems them."""
    if not words:
        return None
    ways = [tuple(stem(word, language) for word in words) for language in STEMMED]
    return Term((*ways, tuple(words)))
