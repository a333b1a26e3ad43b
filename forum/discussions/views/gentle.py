"""A gentle question before something is posted: is this private, and would it be better sent privately?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from forum.core.login import this_reader
from forum.discussions.forms import EditForm, PollForm, PostForm, Titled
from forum.moderation.filters import Filter, Finding
from forum.moderation.operations.receiving import findings_in, own_contacts_in
from forum.moderation.words import filter_meaning, filter_words


@dataclass(frozen=True)
class Question:
    """*what* was found, at which *words*, and *why* it is asked about; *holds*: a person would read it first."""

    what: str
    words: tuple[str, ...]
    why: str
    holds: bool


def questions(form: PostForm | EditForm, alts: Sequence[str] = ()) -> list[Question]:
    """What to ask about a post, also about its topic's title and tags, and about what its pictures show (*alts*)."""
    title = (form.title.data or "", form.tags.data or "") if isinstance(form, Titled) else ()
    return questions_about(form, "\n\n".join((*title, form.text.data or "", *alts)))


def questions_about(form: PostForm | EditForm | PollForm, text: str) -> list[Question]:
    """What filters would hold of what was typed into *form*, and one's own telephone number or e-mail address, which
    nothing holds; nothing when that very text was asked about before and sent again."""
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    if form.seen.data == digest:
        return []
    found = [
        Question(filter_words(kind), words, filter_meaning(kind), holds=True)
        for kind, words in _by_kind(findings_in(text, this_reader()))
    ]
    found += [
        Question(
            _("Your own phone number or e-mail address"),
            words,
            _(
                "Anybody can read it, copy it and find it with a search engine, for as long as the post stands."
            ),
            holds=False,
        )
        for _kind, words in _by_kind(own_contacts_in(text))
    ]
    if found:
        form.seen.data = digest
    return found


def _by_kind(found: Iterable[Finding]) -> list[tuple[Filter, tuple[str, ...]]]:
    """Each kind once, in the order of their first places, with its words, each once."""
    kinds: dict[Filter, dict[str, None]] = {}
    for each in found:
        kinds.setdefault(each.kind, {})[each.words[:120]] = None
    return [(kind, tuple(words)) for kind, words in kinds.items()]
