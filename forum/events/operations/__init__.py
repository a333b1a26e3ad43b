"""Every write of this slice, split by noun: events, occurrences, rsvp (and its line), kinds, calendars."""
