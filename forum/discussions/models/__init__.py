"""Tables of discussions, split by noun."""

from forum.discussions.models.board import Audience, Forum
from forum.discussions.models.draft import Draft
from forum.discussions.models.post import Post, PostState, Revision
from forum.discussions.models.topic import SLOWEST, Topic, TopicTag
from forum.discussions.models.verified import VeiledAuthor, VeilLifting, VerifiedResident

__all__ = [
    "SLOWEST",
    "Audience",
    "Draft",
    "Forum",
    "Post",
    "PostState",
    "Revision",
    "Topic",
    "TopicTag",
    "VeilLifting",
    "VeiledAuthor",
    "VerifiedResident",
]
