"""A gentle question before something is posted: is this private, and would it be better sent privately?"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from forum.core.login import this_reader
from forum.discussions.forms import EditForm, PollForm, PostForm, Titled
from forum.moderation.operations.receiving import findings_in
from forum.moderation.words import filter_meaning, filter_words

Question = dict[str, str]


def questions(form: PostForm | EditForm, alts: Sequence[str] = ()) -> list[Question]:
    """What filters would hold of a post, also of its topic's title and tags, and of what its pictures show (*alts*)."""
    title = (form.title.data or "", form.tags.data or "") if isinstance(form, Titled) else ()
    return questions_about(form, "\n\n".join((*title, form.text.data or "", *alts)))


def questions_about(form: PostForm | EditForm | PollForm, text: str) -> list[Question]:
    """What filters would hold of what was typed into *form*; nothing when that very text was asked about before and
    sent again."""
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    found = [] if form.seen.data == digest else findings_in(text, this_reader())
    if found:
        form.seen.data = digest
    return [
        {"what": filter_words(each.kind), "words": each.words[:120], "why": filter_meaning(each.kind)}
        for each in found
    ]
