"""A gentle question before something is posted: is this private, and would it be better sent privately?"""

from __future__ import annotations

import hashlib

from flask_login import current_user

from forum.discussions.forms import PostForm, TopicForm
from forum.moderation.operations.receiving import findings_in
from forum.moderation.words import filter_meaning, filter_words

Question = dict[str, str]


def questions(form: PostForm) -> list[Question]:
    """What filters would hold of what was typed; nothing when that very text was asked about before and sent again."""
    title = f"{form.title.data}\n\n" if isinstance(form, TopicForm) else ""
    text = title + (form.text.data or "")
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    found = [] if form.seen.data == digest else findings_in(text, current_user)
    if found:
        form.seen.data = digest
    return [
        {"what": filter_words(each.kind), "words": each.words[:120], "why": filter_meaning(each.kind)}
        for each in found
    ]
