"""Reads of this slice: filters, lists, single things, feeds. Each takes the viewer first and returns a ``Select``."""
