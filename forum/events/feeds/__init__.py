"""What calendars, feed readers and search engines read: bytes made from events.

An event's VEVENTs are made when it is saved (``store_bytes``) and joined when a feed is asked for (``calendar``). Bytes
depend on the event and the site alone, never on the moment, so a feed without a change is the same to the byte.
"""

from forum.events.feeds.atom import event_entries
from forum.events.feeds.calendar import calendar
from forum.events.feeds.jsonld import event_jsonld
from forum.events.feeds.links import add_links, subscribe_links
from forum.events.feeds.site import Site
from forum.events.feeds.vevent import occurrence_vevent, store_bytes, vevents
from forum.events.feeds.vtimezone import vtimezone

__all__ = [
    "Site",
    "add_links",
    "calendar",
    "event_entries",
    "event_jsonld",
    "occurrence_vevent",
    "store_bytes",
    "subscribe_links",
    "vevents",
    "vtimezone",
]
