"""Audit: the append-only, hash-chained ledger of who did what.

An **entry** names its actor, its act and its subject by id and enum words only, so that erasing a person breaks
nothing. Entries are never changed or deleted (a trigger refuses); a job **seals** them in batches, each hash covering
the last.
"""
