"""Moderation: rules in versions, reports, cases, decisions, appeals, sealed originals."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0025_moderation"
down_revision = "0024_search"
branch_labels = None
depends_on = None

# What is forbidden is what somebody does. What somebody thinks of the police, the agency or anybody who holds an office
# is in none of these, and the page that shows them says so.
RULES = (
    (
        1,
        {"en": "No threats", "es": "Sin amenazas"},
        {
            "en": "Do not threaten anybody with harm, and do not call on others to hurt a person or damage property.",
            "es": "No amenace a nadie con hacerle daño ni pida a otras personas que lastimen a alguien o dañen bienes.",
        },
    ),
    (
        2,
        {"en": "Keep other people's private data out", "es": "No publique datos privados de otras personas"},
        {
            "en": "Do not publish where somebody lives, their phone number, e-mail address or license plate, or the "
            "name of a minor or of who suffered a crime. What officials do in their work is not private.",
            "es": "No publique dónde vive alguien, su teléfono, su correo electrónico o su placa, ni el nombre de "
            "una persona menor de edad o de quien sufrió un delito. Lo que hacen los funcionarios en su trabajo no es "
            "privado.",
        },
    ),
    (
        3,
        {"en": "No harassment", "es": "Sin acoso"},
        {
            "en": "Do not go after a person again and again, and do not insult a neighbor instead of answering what "
            "they said. Strong words about what an official or the agency did are not harassment.",
            "es": "No persiga a una persona una y otra vez ni insulte a un vecino en lugar de responder a lo que dijo. "
            "Palabras duras sobre lo que hizo un funcionario o la agencia no son acoso.",
        },
    ),
    (
        4,
        {"en": "No hate", "es": "Sin odio"},
        {
            "en": "Do not attack people for their race, color, religion, national origin, sex, sexual orientation, "
            "gender identity, age or disability, and do not call for treating them worse.",
            "es": "No ataque a nadie por su raza, color, religión, origen, sexo, orientación sexual, identidad de "
            "género, edad o discapacidad, ni pida que se les trate peor.",
        },
    ),
    (
        5,
        {"en": "No advertising and no floods", "es": "Sin publicidad ni mensajes repetidos"},
        {
            "en": "Do not advertise, and do not post the same thing again and again.",
            "es": "No haga publicidad ni publique lo mismo una y otra vez.",
        },
    ),
    (
        6,
        {"en": "Stay with the topic", "es": "No se salga del tema"},
        {
            "en": "Write about what the forum and the topic are for. Something else belongs in a topic of its own.",
            "es": "Escriba sobre aquello para lo que son el foro y el tema. Otra cosa va en un tema propio.",
        },
    ),
    (
        7,
        {"en": "Do not pretend to be somebody else", "es": "No se haga pasar por otra persona"},
        {
            "en": "Do not write as if you were another person, an officer or an organization. A plain parody is fine.",
            "es": "No escriba como si fuera otra persona, un oficial o una organización. Una parodia clara está "
            "permitida.",
        },
    ),
    (
        8,
        {"en": "No unlawful sale", "es": "Sin ventas ilegales"},
        {
            "en": "Do not offer or ask for drugs, weapons, stolen goods or anything else that the law forbids to sell.",
            "es": "No ofrezca ni pida drogas, armas, cosas robadas ni nada más que la ley prohíba vender.",
        },
    ),
)


def upgrade() -> None:
    _setting()
    _case()
    _moderator()
    _rules()
    _finding()
    _rule()
    _step()
    _decision()
    _report()
    _appeal()
    _original()
    _pause()
    _appeal_message()
    _recheck()
    _seed()


def downgrade() -> None:
    op.drop_table("moderation_recheck")
    op.drop_table("moderation_appeal_message")
    op.drop_table("moderation_pause")
    op.drop_table("moderation_original")
    op.drop_table("moderation_appeal")
    op.drop_table("moderation_report")
    op.drop_table("moderation_decision")
    op.drop_table("moderation_step")
    op.drop_table("moderation_rule")
    op.drop_table("moderation_finding")
    op.drop_table("moderation_rules")
    op.drop_table("moderation_moderator")
    op.drop_table("moderation_case")
    op.drop_table("moderation_setting")


def _seed() -> None:
    """The first version of the rules, which the agency can change, and its first choices."""
    now = datetime.now(UTC)
    rules = sa.table(
        "moderation_rules",
        sa.column("id", sa.Integer()),
        sa.column("version", sa.Integer()),
        sa.column("state", sa.String()),
        sa.column("why", sa.Text()),
        sa.column("proposed_at", sa.DateTime(timezone=True)),
        sa.column("in_force_from", sa.DateTime(timezone=True)),
    )
    first = {"version": 1, "state": "in_force", "why": "", "proposed_at": now, "in_force_from": now}
    op.bulk_insert(rules, [first])
    rules_id = op.get_bind().execute(sa.select(rules.c.id)).scalar_one()
    rule = sa.table(
        "moderation_rule",
        sa.column("rules_id", sa.Integer()),
        sa.column("number", sa.Integer()),
        sa.column("titles", sa.JSON()),
        sa.column("texts", sa.JSON()),
    )
    op.bulk_insert(
        rule,
        [
            {"rules_id": rules_id, "number": number, "titles": titles, "texts": texts}
            for number, titles, texts in RULES
        ],
    )
    setting = sa.table(
        "moderation_setting",
        *(sa.column(name, sa.Integer()) for name in ("id", "first_posts", "wait_hours", "decide_days")),
    )
    op.bulk_insert(setting, [{"id": 1, "first_posts": 0, "wait_hours": 24, "decide_days": 1}])


def _setting() -> None:
    op.create_table(
        "moderation_setting",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first_posts", sa.Integer(), nullable=False),
        sa.Column("wait_hours", sa.Integer(), nullable=False),
        sa.Column("decide_days", sa.Integer(), nullable=False),
        sa.CheckConstraint("decide_days BETWEEN 1 AND 30", name=op.f("ck_moderation_setting_decide_days")),
        sa.CheckConstraint("first_posts BETWEEN 0 AND 20", name=op.f("ck_moderation_setting_first_posts")),
        sa.CheckConstraint("id = 1", name=op.f("ck_moderation_setting_one_row")),
        sa.CheckConstraint("wait_hours BETWEEN 1 AND 240", name=op.f("ck_moderation_setting_wait_hours")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_setting")),
    )


def _case() -> None:
    op.create_table(
        "moderation_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=False),
        sa.Column("neighborhood_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("assigned_to_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('decided', 'dropped', 'new', 'taken')", name=op.f("ck_moderation_case_state")
        ),
        sa.ForeignKeyConstraint(
            ["assigned_to_id"],
            ["person.id"],
            name=op.f("fk_moderation_case_assigned_to_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["neighborhood_id"],
            ["neighborhood.id"],
            name=op.f("fk_moderation_case_neighborhood_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_case")),
        sa.UniqueConstraint("code", name=op.f("uq_moderation_case_code")),
    )
    op.create_index("ix_moderation_case_assigned_to_id", "moderation_case", ["assigned_to_id"])
    op.create_index("ix_moderation_case_neighborhood_id", "moderation_case", ["neighborhood_id"])
    op.create_index("ix_moderation_case_queue", "moderation_case", ["state", "due_at", "id"])
    op.create_index("ix_moderation_case_thing", "moderation_case", ["kind", "thing_id", "id"])
    op.create_index(
        "uq_moderation_case_one_open",
        "moderation_case",
        ["kind", "thing_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('new', 'taken')"),
        postgresql_where=sa.text("state IN ('new', 'taken')"),
    )


def _moderator() -> None:
    op.create_table(
        "moderation_moderator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_moderation_moderator_person_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_moderator")),
        sa.UniqueConstraint("person_id", name=op.f("uq_moderation_moderator_person_id")),
        sqlite_autoincrement=True,
    )


def _rules() -> None:
    op.create_table(
        "moderation_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("in_force_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("in_force_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('in_force', 'past', 'proposed', 'refused')", name=op.f("ck_moderation_rules_state")
        ),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR approved_by_id <> proposed_by_id",
            name=op.f("ck_moderation_rules_two_people"),
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"],
            ["person.id"],
            name=op.f("fk_moderation_rules_approved_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"],
            ["person.id"],
            name=op.f("fk_moderation_rules_proposed_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_rules")),
        sa.UniqueConstraint("version", name=op.f("uq_moderation_rules_version")),
    )
    op.create_index("ix_moderation_rules_approved_by_id", "moderation_rules", ["approved_by_id"])
    op.create_index("ix_moderation_rules_proposed_by_id", "moderation_rules", ["proposed_by_id"])
    op.create_index(
        "uq_moderation_rules_one_each",
        "moderation_rules",
        ["state"],
        unique=True,
        sqlite_where=sa.text("state IN ('in_force', 'proposed')"),
        postgresql_where=sa.text("state IN ('in_force', 'proposed')"),
    )


def _finding() -> None:
    op.create_table(
        "moderation_finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("filter", sa.String(32), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "filter IN ('address', 'appearance', 'contact', 'first_post', 'named', 'plate', 'spam')",
            name=op.f("ck_moderation_finding_filter"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["moderation_case.id"],
            name=op.f("fk_moderation_finding_case_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_finding")),
    )
    op.create_index("ix_moderation_finding_case_id", "moderation_finding", ["case_id", "id"])


def _rule() -> None:
    op.create_table(
        "moderation_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rules_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_moderation_rule_number")),
        sa.ForeignKeyConstraint(
            ["rules_id"],
            ["moderation_rules.id"],
            name=op.f("fk_moderation_rule_rules_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_rule")),
        sa.UniqueConstraint("rules_id", "number", name=op.f("uq_moderation_rule_rules_id_number")),
    )


def _step() -> None:
    op.create_table(
        "moderation_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(32), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "step IN ('appeal', 'appeal_answer', 'appeal_decide', 'decide', 'drop', 'edit', 'hold', 'release', "
            "'report', 'take')",
            name=op.f("ck_moderation_step_step"),
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["person.id"], name=op.f("fk_moderation_step_actor_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["moderation_case.id"], name=op.f("fk_moderation_step_case_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_step")),
    )
    op.create_index("ix_moderation_step_actor_id", "moderation_step", ["actor_id"])
    op.create_index("ix_moderation_step_case_id", "moderation_step", ["case_id", "id"])


def _decision() -> None:
    op.create_table(
        "moderation_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("measure", sa.String(32), nullable=False),
        sa.Column("rule_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("pause_days", sa.Integer(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("moderator_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(measure = 'pause') = (pause_days IS NOT NULL)", name=op.f("ck_moderation_decision_pause_days")
        ),
        sa.CheckConstraint(
            "measure IN ('edit', 'hide', 'keep', 'pause', 'redact', 'warn')",
            name=op.f("ck_moderation_decision_measure"),
        ),
        sa.CheckConstraint("words <> ''", name=op.f("ck_moderation_decision_words")),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["moderation_case.id"],
            name=op.f("fk_moderation_decision_case_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["person.id"],
            name=op.f("fk_moderation_decision_decided_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["moderator_id"],
            ["moderation_moderator.id"],
            name=op.f("fk_moderation_decision_moderator_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["rule_id"],
            ["moderation_rule.id"],
            name=op.f("fk_moderation_decision_rule_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_decision")),
        sa.UniqueConstraint("case_id", name=op.f("uq_moderation_decision_case_id")),
    )
    op.create_index("ix_moderation_decision_decided_at", "moderation_decision", ["decided_at", "id"])
    op.create_index("ix_moderation_decision_decided_by_id", "moderation_decision", ["decided_by_id"])
    op.create_index("ix_moderation_decision_moderator_id", "moderation_decision", ["moderator_id"])
    op.create_index("ix_moderation_decision_rule_id", "moderation_decision", ["rule_id"])


def _report() -> None:
    op.create_table(
        "moderation_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("reporter_id", sa.Integer(), nullable=True),
        sa.Column("rule_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["moderation_case.id"], name=op.f("fk_moderation_report_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["reporter_id"], ["person.id"], name=op.f("fk_moderation_report_reporter_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["rule_id"],
            ["moderation_rule.id"],
            name=op.f("fk_moderation_report_rule_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_report")),
        sa.UniqueConstraint("case_id", "reporter_id", name=op.f("uq_moderation_report_case_id_reporter_id")),
    )
    op.create_index("ix_moderation_report_reporter_id", "moderation_report", ["reporter_id", "id"])
    op.create_index("ix_moderation_report_rule_id", "moderation_report", ["rule_id"])


def _appeal() -> None:
    op.create_table(
        "moderation_appeal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verdict", sa.String(32), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("verdict IN ('overturned', 'upheld')", name=op.f("ck_moderation_appeal_verdict")),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (verdict IS NULL)", name=op.f("ck_moderation_appeal_decided")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["person.id"],
            name=op.f("fk_moderation_appeal_decided_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["moderation_decision.id"],
            name=op.f("fk_moderation_appeal_decision_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_appeal")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_moderation_appeal_decision_id")),
    )
    op.create_index("ix_moderation_appeal_decided_by_id", "moderation_appeal", ["decided_by_id"])
    op.create_index("ix_moderation_appeal_due", "moderation_appeal", ["verdict", "due_at", "id"])


def _original() -> None:
    op.create_table(
        "moderation_original",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("retention", sa.String(32), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("keep_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("excised_text", sa.Text(), nullable=True),
        sa.Column("excise_asked_by_id", sa.Integer(), nullable=True),
        sa.Column("excised_by_id", sa.Integer(), nullable=True),
        sa.Column("excised_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "retention IN ('personal_data', 'record')", name=op.f("ck_moderation_original_retention")
        ),
        sa.CheckConstraint(
            "excised_by_id IS NULL OR excised_by_id <> excise_asked_by_id",
            name=op.f("ck_moderation_original_excised_by_two"),
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["moderation_decision.id"],
            name=op.f("fk_moderation_original_decision_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["excise_asked_by_id"],
            ["person.id"],
            name=op.f("fk_moderation_original_excise_asked_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["excised_by_id"],
            ["person.id"],
            name=op.f("fk_moderation_original_excised_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_original")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_moderation_original_decision_id")),
    )
    op.create_index(
        "ix_moderation_original_excise_asked_by_id", "moderation_original", ["excise_asked_by_id"]
    )
    op.create_index("ix_moderation_original_excised_by_id", "moderation_original", ["excised_by_id"])
    op.create_index("ix_moderation_original_keep_until", "moderation_original", ["keep_until"])


def _pause() -> None:
    op.create_table(
        "moderation_pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["moderation_decision.id"],
            name=op.f("fk_moderation_pause_decision_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_moderation_pause_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_pause")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_moderation_pause_decision_id")),
    )
    op.create_index("ix_moderation_pause_person_id", "moderation_pause", ["person_id", "until"])


def _appeal_message() -> None:
    op.create_table(
        "moderation_appeal_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appeal_id", sa.Integer(), nullable=False),
        sa.Column("by_staff", sa.Boolean(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("text <> ''", name=op.f("ck_moderation_appeal_message_words")),
        sa.ForeignKeyConstraint(
            ["appeal_id"],
            ["moderation_appeal.id"],
            name=op.f("fk_moderation_appeal_message_appeal_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["person.id"],
            name=op.f("fk_moderation_appeal_message_staff_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_appeal_message")),
    )
    op.create_index(
        "ix_moderation_appeal_message_appeal_id", "moderation_appeal_message", ["appeal_id", "id"]
    )
    op.create_index("ix_moderation_appeal_message_staff_id", "moderation_appeal_message", ["staff_id"])


def _recheck() -> None:
    op.create_table(
        "moderation_recheck",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_by_id", sa.Integer(), nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("breaks", sa.Boolean(), nullable=True),
        sa.Column("stance", sa.String(32), nullable=True),
        sa.CheckConstraint(
            "stance IN ('criticism', 'neither', 'praise')", name=op.f("ck_moderation_recheck_stance")
        ),
        sa.CheckConstraint(
            "(breaks IS NULL) = (looked_at IS NULL)", name=op.f("ck_moderation_recheck_looked")
        ),
        sa.CheckConstraint(
            "stance IS NULL OR breaks IS NOT NULL", name=op.f("ck_moderation_recheck_blind_first")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["moderation_decision.id"],
            ondelete="CASCADE",
            name=op.f("fk_moderation_recheck_decision_id"),
        ),
        sa.ForeignKeyConstraint(
            ["looked_by_id"],
            ["person.id"],
            ondelete="SET NULL",
            name=op.f("fk_moderation_recheck_looked_by_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_recheck")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_moderation_recheck_decision_id")),
    )
    op.create_index("ix_moderation_recheck_open", "moderation_recheck", ["stance", "id"])
    op.create_index("ix_moderation_recheck_looked_by_id", "moderation_recheck", ["looked_by_id"])
