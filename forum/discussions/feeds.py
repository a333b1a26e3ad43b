"""Forums and topics for feed readers (RFC 4287; INTEROP 38, 39): what everybody reads, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from forum.core.feeds import AtomEntry
from forum.discussions.models import Post, Topic
from forum.discussions.words import who


def topic_entries(topics: Iterable[Topic], first: Mapping[int, Post], *, base_url: str) -> list[AtomEntry]:
    """An entry for each of *topics*; *first* holds the post that began it, by topic, where it can still be read."""
    return [
        AtomEntry(
            id=f"{base_url}/topics/{topic.id}",
            title=topic.title,
            url=f"{base_url}/topics/{topic.id}-{topic.slug}",
            updated=topic.posted_at,
            published=topic.created_at,
            html=_whole(first[topic.id].html, base_url) if topic.id in first else "",
            categories=tuple(tag.word for tag in topic.tags),
        )
        for topic in topics
    ]


def post_entries(topic: Topic, posts: Iterable[Post], *, base_url: str) -> list[AtomEntry]:
    """An entry for each of *posts*, under the name that stands over it."""
    return [
        AtomEntry(
            id=f"{base_url}/posts/{post.id}",
            title=f"{who(post)}: {topic.title}",
            url=f"{base_url}/posts/{post.id}",
            updated=post.edited_at or post.created_at,
            published=post.created_at,
            html=_whole(post.html, base_url),
        )
        for post in posts
    ]


def _whole(html: str, base_url: str) -> str:
    """Links inside the site with its address before them: a feed is read elsewhere."""
    return html.replace('href="/', f'href="{base_url}/')
