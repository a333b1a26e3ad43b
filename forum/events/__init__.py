"""Events: meetings people can find, RSVP to and see in any calendar.

An **event** is one meeting or a series; either way it has **occurrences**, one a local date, and everything that
happens (RSVPs, moves, cancellations, walk-ins) happens to an occurrence. A series keeps its rule (RFC 5545 RRULE) in
local time and zone; its occurrences are materialized up to the horizon and extended by a job. An occurrence's
**original start** is its identity for ever, in addresses and as RECURRENCE-ID.

RSVP: capacity counts people, not answers. Never more confirmed than places; the **waitlist** is first in, first out by
ticket; the head of the line keeps its turn, so places too few for its party stay free; a maybe holds no place.
"""
