"""Minimal applications to compare with: what Flask, a page from a database and a durable write cost at the least."""
