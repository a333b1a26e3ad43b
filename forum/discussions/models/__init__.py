"""Tables of discussions, split by noun."""

from forum.discussions.models.board import Audience, Forum
from forum.discussions.models.draft import Draft
from forum.discussions.models.moved import TopicMove, Way
from forum.discussions.models.picture import LONGEST_ALT, PostPicture
from forum.discussions.models.poll import Poll, PollOption, PollVote
from forum.discussions.models.post import Post, PostState, Revision
from forum.discussions.models.taking_part import Bookmark, Interest, Reaction, ReactionKind, TopicReader
from forum.discussions.models.topic import SLOWEST, Topic, TopicTag
from forum.discussions.models.verified import VeiledAuthor, VeilLifting, VerifiedResident

__all__ = [
    "LONGEST_ALT",
    "SLOWEST",
    "Audience",
    "Bookmark",
    "Draft",
    "Forum",
    "Interest",
    "Poll",
    "PollOption",
    "PollVote",
    "Post",
    "PostPicture",
    "PostState",
    "Reaction",
    "ReactionKind",
    "Revision",
    "Topic",
    "TopicMove",
    "TopicReader",
    "TopicTag",
    "VeilLifting",
    "VeiledAuthor",
    "VerifiedResident",
    "Way",
]
