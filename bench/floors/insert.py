"""Floor (c): a bare Flask view that commits one durable INSERT (SQLite, WAL, synchronous=FULL)."""

from __future__ import annotations

import os
import sqlite3
import threading
from pathlib import Path

from flask import Flask

app = Flask("insert")
path = Path(os.environ["BENCH_FLOOR_DIR"]) / "insert.db"
local = threading.local()


def connection() -> sqlite3.Connection:
    if not hasattr(local, "connection"):
        made = sqlite3.connect(path, isolation_level=None, timeout=15)
        made.execute("PRAGMA journal_mode=WAL")
        made.execute("PRAGMA synchronous=FULL")
        local.connection = made
    kept: sqlite3.Connection = local.connection
    return kept


connection().execute("CREATE TABLE IF NOT EXISTS answer (id INTEGER PRIMARY KEY, person INTEGER, word TEXT)")


@app.post("/")
def answer() -> str:
    database = connection()
    database.execute("BEGIN IMMEDIATE")
    database.execute("INSERT INTO answer (person, word) VALUES (?, ?)", (42, "going"))
    database.execute("COMMIT")
    return "Saved."
