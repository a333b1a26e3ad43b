"""Pages of this slice, split by audience: public, answering, desk, kinds, feeds, calendars."""
