"""Floor (b): one indexed select of 20 rows of 5,000 through SQLAlchemy's ORM, and one Jinja page of 20 items."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from flask import Flask, render_template
from flask_sqlalchemy import SQLAlchemy
from jinja2 import DictLoader
from sqlalchemy.orm import Mapped, mapped_column

ROWS = 5000
START = datetime(2026, 1, 1)

app = Flask("page")
path = Path(os.environ["BENCH_FLOOR_DIR"]) / f"page-{os.getpid()}.db"
app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{path}"
db = SQLAlchemy(app)

PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{{ title }}</title><link rel="stylesheet" href="/static/town.css"></head>
<body>
<header><a href="/">Town</a><nav><a href="/events">Events</a><a href="/neighborhoods">Neighborhoods</a></nav></header>
<main><h1>{{ title }}</h1>
<ol>
{% for item in items %}
<li><a href="/events/{{ item.id }}">{{ item.title }}</a>
<time datetime="{{ item.starts_at.isoformat() }}">{{ item.starts_at.strftime("%A, %B %d, %H:%M") }}</time>
<span>{{ item.place }}</span></li>
{% endfor %}
</ol></main>
<footer>Town Police Department</footer>
</body></html>"""


app.jinja_loader = DictLoader({"page.html": PAGE})  # type: ignore[assignment]


class Item(db.Model):  # type: ignore[name-defined]
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(sa.String(200))
    place: Mapped[str] = mapped_column(sa.String(200))
    starts_at: Mapped[datetime] = mapped_column(index=True)


with app.app_context():
    db.create_all()
    db.session.execute(
        sa.insert(Item),
        [
            {
                "title": f"Beat {n} meeting",
                "place": f"{n} Main Street",
                "starts_at": START + timedelta(hours=n),
            }
            for n in range(ROWS)
        ],
    )
    db.session.commit()


@app.get("/")
def index() -> str:
    upcoming = sa.select(Item).where(Item.starts_at >= START + timedelta(hours=ROWS // 2))
    items = db.session.scalars(upcoming.order_by(Item.starts_at).limit(20))
    return render_template("page.html", title="Upcoming events", items=items)
