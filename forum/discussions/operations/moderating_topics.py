"""What moderation can do with a whole topic: its title, its tags and its poll; wiring registers TOPIC.

Its words are one text, a line each (lines.py): the title, the tags, the poll's question, each of its answers.
"""

from __future__ import annotations

from collections.abc import Collection

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from forum.core import clock
from forum.discussions import lines, policy, subjects
from forum.discussions.models import Poll, Topic
from forum.discussions.operations.naming import replace_name
from forum.discussions.operations.states import lock_topic, note_shown, renew_topic
from forum.discussions.queries import authors, polls
from forum.discussions.queries.boards import is_verified
from forum.discussions.queries.posts import post_numbered, renamed
from forum.discussions.queries.topics import whole_topics
from forum.extensions import db
from forum.moderation.models import Measure
from forum.moderation.registry import Moderated, Shown, Thing, Viewer, Wording

KIND = "topic"
LONGEST_QUESTION, LONGEST_OPTION = 200, 120


def load(topic_id: int) -> Thing | None:
    """The topic as moderation takes it."""
    return load_many([topic_id]).get(topic_id)


def load_many(topic_ids: Collection[int]) -> dict[int, Thing]:
    """The same of several, with as many questions however many there are."""
    rows = db.session.execute(authors.veiled_starters_of(topic_ids))
    veiled = {row.topic_id: row.person_id for row in rows}
    asked = {poll.topic_id: poll for poll in db.session.scalars(polls.of_topics(topic_ids))}
    found = db.session.scalars(whole_topics(topic_ids)).all()
    before = dict(db.session.execute(renamed(topic_ids)).all())
    spoken = {topic.id: _text(topic, asked.get(topic.id)) for topic in found}
    with lines.one_language():
        texts = {topic.id: _text(topic, asked.get(topic.id)) for topic in found}
    return {
        topic.id: _thing(
            topic, veiled.get(topic.id), (texts[topic.id], spoken[topic.id]), before.get(topic.id)
        )
        for topic in found
    }


def sees(viewer: Viewer, topic_id: int) -> bool:
    """Whether *viewer* may read it now; one that was merged is where it went."""
    topic = db.session.get(Topic, topic_id)
    return (
        topic is not None
        and topic.merged_into_id is None
        and policy.can_see_topic(viewer, topic, clock.now(), verified=is_verified(viewer))
    )


def about(viewer: Viewer, topic_id: int) -> tuple[str, str] | None:
    """(title, address) of what it talks about."""
    topic = db.session.get_one(Topic, topic_id)
    return subjects.subject_of(viewer, topic.about_kind, topic.about_id)


def hide(topic_id: int, rule: int) -> None:
    """Nobody but staff and its author sees it, and nobody writes in it; its posts keep what they are."""
    topic = lock_topic(db.session.get_one(Topic, topic_id))
    topic.hidden_rule, topic.published_at = rule, None
    renew_topic(topic)


def show(topic_id: int) -> None:
    """As it was before: there for others while its first post is."""
    topic = lock_topic(db.session.get_one(Topic, topic_id))
    topic.hidden_rule = None
    first = db.session.scalars(post_numbered(topic.id, 1)).one_or_none()
    if first is not None:
        note_shown(topic, first)
    if topic.published_at is None and topic.about_kind is not None and topic.posts_count:
        topic.published_at = clock.now()
    renew_topic(topic)


def replace_text(topic_id: int, text: str) -> None:
    """Other words; a poll keeps its answers in their order, since people have voted for them."""
    topic = lock_topic(db.session.get_one(Topic, topic_id))
    found = replace_name(topic, text.splitlines())
    poll = db.session.scalars(polls.of_topics([topic_id])).one_or_none()
    if poll is not None and (poll.is_shown or found.questions):
        replace_poll(poll, found)
    db.session.flush()
    renew_topic(topic)


def replace_poll(poll: Poll, found: lines.Apart) -> None:
    """Give *poll* the words of such lines; what has none there is said to be removed."""
    poll.question = ((found.questions or [""])[0] or _("(removed)"))[:LONGEST_QUESTION]
    for place, option in enumerate(poll.options):
        words = found.answers[place] if place < len(found.answers) else ""
        option.words = (words or _("(removed)"))[:LONGEST_OPTION]


def _text(topic: Topic, poll: Poll | None) -> str:
    # Who reports the topic reads its poll, too.
    asked = lines.poll_lines(poll) if poll is not None and poll.is_shown else []
    return "\n".join([topic.title, *lines.tag_lines([tag.word for tag in topic.tags]), *asked])


def _thing(topic: Topic, veiled: int | None, words: tuple[str, str], first: int | None) -> Thing:
    """*words*: as they are kept, and as the reader reads them; *first*: its first post, where it had another name."""
    name = topic.author.name if topic.author else ""
    return Thing(
        kind=KIND,
        id=topic.id,
        author_id=topic.author_id or veiled,
        veiled=veiled is not None,
        author_name=name or (_("A resident") if veiled is not None else _("Nobody in particular")),
        title="",
        text=words[0],
        spoken=words[1],
        history_url=f"/posts/{first}/history" if first else "",
        url=f"/topics/{topic.id}-{topic.slug}",
        neighborhood_id=topic.forum.neighborhood_id,
        created_at=topic.created_at,
        shown=Shown.SHOWN if topic.hidden_rule is None else Shown.HIDDEN,
    )


TOPIC = Moderated(
    kind=KIND, noun=_l("topic"), load=load, load_many=load_many, sees=sees, show=show, hide=hide,
    replace_text=replace_text, about=about,
    measures=(Measure.KEEP, Measure.REDACT, Measure.WARN, Measure.HIDE, Measure.PAUSE),
    wording={
        Measure.REDACT: Wording(
            _l("Change its title, tags or poll: without the words that break the rule"),
            _l("We changed the title, the tags or the poll of your topic. The posts stay."),
        ),
        Measure.HIDE: Wording(
            _l("Hide the whole topic, with everything that anybody wrote in it"),
            _l("We hid your topic. Others cannot read it any more."),
        ),
    },
)  # fmt: skip
