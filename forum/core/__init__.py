"""Machinery that knows no slice: one capability a module, named for what it does."""
