"""Concerns: categories, the concern, its thread, notes, pictures, identity and recusals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015_concerns"
down_revision = "0014_reminders"
branch_labels = None
depends_on = None

# Slug, name and sentence in English and Spanish, and what of warns, concerns_staff and tip_line holds.
CATEGORIES = (
    (
        "speeding",
        "Speeding and traffic",
        "Drivers who go too fast, do not stop, or make crossing the street unsafe.",
        "Velocidad y tránsito",
        "Conductores que van demasiado rápido, no se detienen o hacen peligroso cruzar la calle.",
        "",
    ),
    (
        "parking",
        "Parking and abandoned cars",
        "Cars that block a driveway, a crossing or a lane, or that nobody moves.",
        "Estacionamiento y autos abandonados",
        "Autos que bloquean una entrada, un cruce o un carril, o que nadie mueve.",
        "",
    ),
    (
        "noise",
        "Noise",
        "Music, parties, engines or fireworks that keep people awake.",
        "Ruido",
        "Música, fiestas, motores o fuegos artificiales que no dejan dormir.",
        "",
    ),
    (
        "disorder",
        "Damage, litter and graffiti",
        "Things broken, dumped or painted over in a street or park.",
        "Daños, basura y grafiti",
        "Cosas rotas, tiradas o pintadas en una calle o un parque.",
        "",
    ),
    (
        "school",
        "Safety around a school",
        "The way to school, pick-up times, bullying near a school.",
        "Seguridad cerca de una escuela",
        "El camino a la escuela, la hora de salida, el acoso cerca de una escuela.",
        "",
    ),
    (
        "drugs",
        "Drugs and dealing",
        "A place where drugs are sold or used, needles that lie about.",
        "Drogas y su venta",
        "Un lugar donde se venden o usan drogas, jeringas tiradas.",
        "warns",
    ),
    (
        "person",
        "Worry about a person",
        "Somebody who may be in danger, or who may need help and does not get it.",
        "Preocupación por una persona",
        "Alguien que puede estar en peligro, o que necesita ayuda y no la recibe.",
        "warns",
    ),
    (
        "tip",
        "Something about a crime",
        "What you know of a crime. The tip line takes it, without your name.",
        "Algo sobre un delito",
        "Lo que usted sabe de un delito. La línea de avisos lo recibe, sin su nombre.",
        "warns tip_line",
    ),
    (
        "officer",
        "An officer or our service",
        "How somebody of ours treated you or others, badly or well.",
        "Un agente o nuestro servicio",
        "Cómo alguien de los nuestros le trató a usted o a otros, mal o bien.",
        "concerns_staff",
    ),
    (
        "other",
        "Something else",
        "Anything that worries you and that fits nowhere above.",
        "Otra cosa",
        "Cualquier cosa que le preocupe y que no encaje arriba.",
        "",
    ),
)


def upgrade() -> None:
    _concern_category()
    _concern()
    _concern_entry()
    _concern_identity()
    _concern_identity_reading()
    _concern_note()
    _concern_recusal()
    _concern_picture()
    _categories()


def downgrade() -> None:
    for table in (
        "concern_picture",
        "concern_recusal",
        "concern_note",
        "concern_identity_reading",
        "concern_identity",
        "concern_entry",
        "concern",
        "concern_category",
    ):
        op.drop_table(table)


def _concern_category() -> None:
    op.create_table(
        "concern_category",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(60), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("abouts", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("warns", sa.Boolean(), nullable=False),
        sa.Column("concerns_staff", sa.Boolean(), nullable=False),
        sa.Column("tip_line", sa.Boolean(), nullable=False),
        sa.Column("answer_hours", sa.Integer(), nullable=False),
        sa.Column("update_days", sa.Integer(), nullable=False),
        sa.Column("closing_days", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "answer_hours > 0 AND update_days > 0 AND closing_days > 0",
            name=op.f("ck_concern_category_targets"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_category")),
        sa.UniqueConstraint("slug", name=op.f("uq_concern_category_slug")),
    )


def _concern() -> None:
    op.create_table(
        "concern",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(16), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("mode", sa.String(32), nullable=False),
        sa.Column("about", sa.String(32), nullable=False),
        sa.Column("source", sa.String(32), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("happened", sa.String(200), nullable=False),
        sa.Column("neighborhood_id", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("interpreter", sa.Boolean(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("closed_as", sa.String(32), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withheld", sa.Boolean(), nullable=False),
        sa.Column("screened", sa.Boolean(), nullable=False),
        sa.Column("assigned_to_id", sa.Integer(), nullable=True),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entered", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(status = 'closed') = (closed_as IS NOT NULL)", name=op.f("ck_concern_closed")),
        sa.CheckConstraint(
            "about = 'town' OR mode <> 'public'", name=op.f("ck_concern_about_staff_is_never_public")
        ),
        sa.CheckConstraint("about IN ('commendation', 'complaint', 'town')", name=op.f("ck_concern_about")),
        sa.CheckConstraint(
            "closed_as IN ('could_not_reach', 'done', 'duplicate', 'no_power', 'referred', 'withdrawn')",
            name=op.f("ck_concern_closed_as"),
        ),
        sa.CheckConstraint(
            "mode IN ('anonymous', 'confidential', 'private', 'public')", name=op.f("ck_concern_mode")
        ),
        sa.CheckConstraint("source IN ('meeting', 'paper', 'phone', 'site')", name=op.f("ck_concern_source")),
        sa.CheckConstraint(
            "status IN ('acknowledged', 'answered', 'closed', 'in_progress', 'received', 'reopened', 'waiting')",
            name=op.f("ck_concern_status"),
        ),
        sa.CheckConstraint("title <> '' AND story <> ''", name=op.f("ck_concern_words")),
        sa.CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_concern_point")),
        sa.ForeignKeyConstraint(
            ["assigned_to_id"], ["person.id"], name=op.f("fk_concern_assigned_to_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["category_id"], ["concern_category.id"], name=op.f("fk_concern_category_id")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["person.id"], name=op.f("fk_concern_entered_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["concern.id"], name=op.f("fk_concern_merged_into_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["neighborhood_id"],
            ["neighborhood.id"],
            name=op.f("fk_concern_neighborhood_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_concern_code_hash")),
        sa.UniqueConstraint("reference", name=op.f("uq_concern_reference")),
    )
    op.create_index("ix_concern_assigned_to_id", "concern", ["assigned_to_id", "status", "due_at", "id"])
    op.create_index("ix_concern_category_id", "concern", ["category_id", "mode", "changed_at", "id"])
    op.create_index("ix_concern_entered_by_id", "concern", ["entered_by_id"])
    op.create_index("ix_concern_listed", "concern", ["mode", "withheld", "changed_at", "id"])
    op.create_index("ix_concern_merged_into_id", "concern", ["merged_into_id"])
    op.create_index("ix_concern_neighborhood_id", "concern", ["neighborhood_id", "status", "due_at", "id"])
    op.create_index(
        "ix_concern_queue",
        "concern",
        ["status", "due_at", "id", "about", "mode", "assigned_to_id", "neighborhood_id"],
    )


def _concern_entry() -> None:
    op.create_table(
        "concern_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(64), nullable=True),
        sa.Column("author", sa.String(32), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("status", sa.String(32), nullable=True),
        sa.Column("closed_as", sa.String(32), nullable=True),
        sa.Column("waits_for", sa.String(32), nullable=True),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(status = 'waiting') = (waits_for IS NOT NULL)", name=op.f("ck_concern_entry_waits_for_whom")
        ),
        sa.CheckConstraint("author IN ('person', 'staff', 'system')", name=op.f("ck_concern_entry_author")),
        sa.CheckConstraint(
            "closed_as IN ('could_not_reach', 'done', 'duplicate', 'no_power', 'referred', 'withdrawn')",
            name=op.f("ck_concern_entry_closed_as"),
        ),
        sa.CheckConstraint("staff_id IS NULL OR author = 'staff'", name=op.f("ck_concern_entry_staff")),
        sa.CheckConstraint(
            "status IN ('acknowledged', 'answered', 'closed', 'in_progress', 'received', 'reopened', 'waiting')",
            name=op.f("ck_concern_entry_status"),
        ),
        sa.CheckConstraint("text <> '' OR status IS NOT NULL", name=op.f("ck_concern_entry_something")),
        sa.CheckConstraint(
            "waits_for IN ('outside', 'partner', 'person')", name=op.f("ck_concern_entry_waits_for")
        ),
        sa.ForeignKeyConstraint(
            ["concern_id"], ["concern.id"], name=op.f("fk_concern_entry_concern_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["person.id"], name=op.f("fk_concern_entry_staff_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_entry")),
        sa.UniqueConstraint("concern_id", "number", name=op.f("uq_concern_entry_concern_id_number")),
        sa.UniqueConstraint("key", name=op.f("uq_concern_entry_key")),
    )
    op.create_index("ix_concern_entry_staff_id", "concern_entry", ["staff_id"])


def _concern_identity() -> None:
    op.create_table(
        "concern_identity",
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("phone", sa.String(60), nullable=False),
        sa.ForeignKeyConstraint(
            ["concern_id"], ["concern.id"], name=op.f("fk_concern_identity_concern_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_concern_identity_person_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("concern_id", name=op.f("pk_concern_identity")),
    )
    op.create_index("ix_concern_identity_person_id", "concern_identity", ["person_id"])


def _concern_identity_reading() -> None:
    op.create_table(
        "concern_identity_reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("reader_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_concern_identity_reading_reason")),
        sa.ForeignKeyConstraint(
            ["concern_id"],
            ["concern.id"],
            name=op.f("fk_concern_identity_reading_concern_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["reader_id"],
            ["person.id"],
            name=op.f("fk_concern_identity_reading_reader_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_identity_reading")),
    )
    op.create_index(
        "ix_concern_identity_reading_concern_id", "concern_identity_reading", ["concern_id", "at"]
    )
    op.create_index("ix_concern_identity_reading_reader_id", "concern_identity_reading", ["reader_id"])


def _concern_note() -> None:
    op.create_table(
        "concern_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint("text <> ''", name=op.f("ck_concern_note_words")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_concern_note_author_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["concern_id"], ["concern.id"], name=op.f("fk_concern_note_concern_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_note")),
    )
    op.create_index("ix_concern_note_author_id", "concern_note", ["author_id"])
    op.create_index("ix_concern_note_concern_id", "concern_note", ["concern_id", "at"])


def _concern_recusal() -> None:
    op.create_table(
        "concern_recusal",
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["concern_id"], ["concern.id"], name=op.f("fk_concern_recusal_concern_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_concern_recusal_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("concern_id", "person_id", name=op.f("pk_concern_recusal")),
    )
    op.create_index("ix_concern_recusal_person_id", "concern_recusal", ["person_id"])


def _concern_picture() -> None:
    op.create_table(
        "concern_picture",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("alt", sa.String(500), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["concern_id"], ["concern.id"], name=op.f("fk_concern_picture_concern_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["concern_entry.id"], name=op.f("fk_concern_picture_entry_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_picture")),
        sa.UniqueConstraint("name", name=op.f("uq_concern_picture_name")),
    )
    op.create_index("ix_concern_picture_concern_id", "concern_picture", ["concern_id", "position"])
    op.create_index("ix_concern_picture_entry_id", "concern_picture", ["entry_id"])


def _categories() -> None:
    table = sa.table(
        "concern_category",
        *(sa.column(name, sa.JSON()) for name in ("names", "abouts")),
        *(sa.column(name) for name in ("slug", "position", "retired", "warns", "concerns_staff", "tip_line")),
        *(sa.column(name) for name in ("answer_hours", "update_days", "closing_days")),
    )
    rows = [
        {
            "slug": slug,
            "position": position,
            "names": {"en": name, "es": name_es},
            "abouts": {"en": about, "es": about_es},
            "retired": False,
            "warns": "warns" in flags,
            "concerns_staff": "concerns_staff" in flags,
            "tip_line": "tip_line" in flags,
            "answer_hours": 72,
            "update_days": 14,
            "closing_days": 60,
        }
        for position, (slug, name, about, name_es, about_es, flags) in enumerate(CATEGORIES, 1)
    ]
    op.bulk_insert(table, rows)
