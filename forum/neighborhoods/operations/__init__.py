"""Every write of this slice."""

from forum.neighborhoods.operations.beats import remove_beat, set_beat
from forum.neighborhoods.operations.boundaries import ImportPlan, import_neighborhoods, plan_import
from forum.neighborhoods.operations.follows import follow, unfollow

__all__ = [
    "ImportPlan",
    "follow",
    "import_neighborhoods",
    "plan_import",
    "remove_beat",
    "set_beat",
    "unfollow",
]
