"""The composition root: the only module that names every slice."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

import forum.accounts.jobs
import forum.accounts.messages
import forum.accounts.models
import forum.accounts.operations.erasing
import forum.accounts.policy
import forum.accounts.views
import forum.audit.jobs
import forum.audit.models
import forum.audit.registry
import forum.audit.views
import forum.concerns.jobs
import forum.concerns.messages
import forum.concerns.messages_due
import forum.concerns.messages_wrote
import forum.concerns.models
import forum.concerns.operations.following
import forum.concerns.operations.purging
import forum.concerns.policy
import forum.concerns.views
import forum.concerns.views.admin_categories
import forum.concerns.views.admin_holidays
import forum.concerns.views.admin_hours
import forum.concerns.views.afterwards
import forum.concerns.views.desk
import forum.concerns.views.desk_acts
import forum.concerns.views.desk_case
import forum.concerns.views.desk_disputes
import forum.concerns.views.desk_duty
import forum.concerns.views.desk_merge
import forum.concerns.views.desk_screening
import forum.concerns.views.desk_statement
import forum.concerns.views.desk_templates
import forum.concerns.views.desk_transfer
import forum.concerns.views.feeds
import forum.concerns.views.follows
import forum.concerns.views.neighborhood
import forum.concerns.views.public
import forum.concerns.views.search
import forum.discussions.jobs
import forum.discussions.messages
import forum.discussions.models
import forum.discussions.operations.attaching
import forum.discussions.operations.moderating
import forum.discussions.operations.moderating_pictures
import forum.discussions.operations.moderating_polls
import forum.discussions.operations.moderating_topics
import forum.discussions.operations.taking_part
import forum.discussions.operations.talking
import forum.discussions.policy
import forum.discussions.subjects
import forum.discussions.views
import forum.discussions.views.search
import forum.discussions.views.talk
import forum.events.following
import forum.events.jobs
import forum.events.messages
import forum.events.models
import forum.events.operations.door
import forum.events.operations.moderating
import forum.events.operations.rsvp
import forum.events.operations.shifts
import forum.events.optional_mail
import forum.events.sections
import forum.events.views.answering
import forum.events.views.calendars
import forum.events.views.desk
import forum.events.views.desk_actions
import forum.events.views.desk_dates
import forum.events.views.desk_minutes
import forum.events.views.desk_shifts
import forum.events.views.desk_standing
import forum.events.views.door
import forum.events.views.embed
import forum.events.views.exports
import forum.events.views.feedback
import forum.events.views.feeds
import forum.events.views.guests
import forum.events.views.headcounts
import forum.events.views.imports
import forum.events.views.kinds
import forum.events.views.mail_choices
import forum.events.views.message_all
import forum.events.views.neighborhood
import forum.events.views.printing
import forum.events.views.public
import forum.events.views.search
import forum.events.views.shifts
import forum.events.views.subscribe
import forum.events.views.talk
import forum.events.views.tickets
import forum.home.help_pages
import forum.home.jobs
import forum.home.styleguide
import forum.home.views
import forum.moderation.jobs
import forum.moderation.messages
import forum.moderation.models
import forum.moderation.operations.erasing
import forum.moderation.operations.profiles
import forum.moderation.policy
import forum.moderation.registry
import forum.moderation.views
import forum.neighborhoods.models
import forum.neighborhoods.sections
import forum.neighborhoods.views
import forum.neighborhoods.views.search
import forum.notifications.jobs
import forum.notifications.models
import forum.notifications.views
import forum.notifications.watch
from forum import cli
from forum.accounts.models import Role
from forum.accounts.queries import names_of
from forum.accounts.views import Way
from forum.concerns.queries.clocks import holidays
from forum.core import search
from forum.core.templating import NavItem, menus
from forum.events.models import Event
from forum.extensions import db
from forum.notifications import mailbox

LEDGER_READERS = (Role.ADMINISTRATOR, Role.AUDITOR)


def register(app: Flask) -> None:
    """Register every slice's pages, messages, jobs and commands on *app*."""
    _register_pages(app)
    _register_messages(app)
    _register_jobs(app)
    _register_erasers()
    _register_moderation()
    _register_search()
    _register_commands(app)
    _fill_menus()


def _register_pages(app: Flask) -> None:
    """Blueprints, one line each."""
    app.register_blueprint(forum.home.views.blueprint)
    forum.home.styleguide.init_app(app)
    app.register_blueprint(forum.audit.views.blueprint)
    app.register_blueprint(forum.notifications.views.blueprint)
    forum.accounts.views.register(app)
    forum.neighborhoods.views.register(app)
    forum.neighborhoods.sections.page_sections[:] = [
        forum.events.views.neighborhood.upcoming,
        forum.concerns.views.neighborhood.concerns_here,
    ]
    forum.neighborhoods.sections.page_links[:] = [forum.events.views.neighborhood.calendars]
    forum.discussions.views.register(app)
    forum.moderation.views.register(app)
    forum.discussions.subjects.kinds["event"] = forum.discussions.subjects.Kind(
        forum="events",
        find=forum.events.views.talk.subject,
        is_public=forum.events.views.talk.is_public,
        readers=forum.events.policy.DESK,
    )
    forum.events.following.followers[:] = [
        lambda event_id, public: forum.discussions.operations.talking.show_talk_about(
            "event", event_id, public=public
        )
    ]
    forum.events.sections.page_sections[:] = [_talk_about]
    app.register_blueprint(forum.events.views.public.blueprint)
    app.register_blueprint(forum.events.views.desk.blueprint)
    app.register_blueprint(forum.events.views.desk_dates.blueprint)
    app.register_blueprint(forum.events.views.desk_actions.blueprint)
    app.register_blueprint(forum.events.views.desk_minutes.blueprint)
    app.register_blueprint(forum.events.views.desk_shifts.blueprint)
    app.register_blueprint(forum.events.views.door.blueprint)
    app.register_blueprint(forum.events.views.printing.blueprint)
    app.register_blueprint(forum.events.views.kinds.blueprint)
    app.register_blueprint(forum.events.views.feeds.blueprint)
    app.register_blueprint(forum.concerns.views.desk.blueprint)
    app.register_blueprint(forum.events.views.calendars.blueprint)
    app.register_blueprint(forum.concerns.views.admin_categories.blueprint)
    app.register_blueprint(forum.concerns.views.admin_hours.blueprint)
    app.register_blueprint(forum.concerns.views.admin_holidays.blueprint)
    app.register_blueprint(forum.concerns.views.public.blueprint)
    app.register_blueprint(forum.concerns.views.feeds.blueprint)
    app.register_blueprint(forum.concerns.views.afterwards.blueprint)
    forum.concerns.views.register(app)


def _talk_about(event: Event) -> forum.events.sections.Section | None:
    """The talk about an event, for its page."""
    data = forum.discussions.views.talk.section("event", event.id)
    return forum.events.sections.Section("discussions/_talk.html", data) if data is not None else None


def _register_messages(app: Flask) -> None:
    """What is said by mail, and who recipients are."""
    forum.accounts.messages.register()
    forum.concerns.messages_due.register()
    forum.concerns.messages_wrote.register()
    forum.events.messages.register()
    forum.events.optional_mail.register()
    forum.concerns.messages.register()
    forum.moderation.messages.register()
    forum.discussions.messages.register()


def _register_jobs(app: Flask) -> None:
    """Periodic work, and what operators are told of it."""
    forum.notifications.watch.register()
    forum.audit.registry.register_names(
        lambda ids: {row.id: row.name for row in db.session.execute(names_of(ids))}
    )


def _register_erasers() -> None:
    """What slices do when an account is erased, beyond what foreign keys say."""
    forum.accounts.operations.erasing.erasers[:] = [
        lambda person: forum.events.operations.door.forget_arrivals_of(person.id),  # while answers say whose
        lambda person: forum.events.operations.rsvp.erase_answers_of(
            person.id
        ),  # its places go to the next in line
        lambda person: forum.events.operations.shifts.erase_shifts_of(person.id),
        lambda person: forum.concerns.operations.purging.forget_identity_of(person.id),
        lambda person: forum.moderation.operations.erasing.forget_words_of(person.id),
        lambda person: forum.concerns.operations.following.erase_follows_of(person.id),
        lambda person: forum.discussions.operations.taking_part.forget_taking_part(person.id),
        lambda person: forum.discussions.operations.attaching.forget_waiting_of(person.id),
    ]


def _register_moderation() -> None:
    """The kinds of things that can be moderated, which days nobody works, and what others see of who writes."""
    for kind in (
        forum.discussions.operations.moderating.POST,
        forum.discussions.operations.moderating_topics.TOPIC,
        forum.discussions.operations.moderating_polls.POLL,
        forum.discussions.operations.moderating_pictures.PICTURE,
        forum.events.operations.moderating.PICTURE,
        forum.moderation.operations.profiles.PROFILE,
    ):
        forum.moderation.registry.register(kind)
    forum.moderation.registry.authors.seen = forum.discussions.operations.moderating.seen_authors
    forum.moderation.registry.authors.same_text = forum.discussions.operations.moderating.same_text
    forum.moderation.registry.calendar.holidays = lambda: set(
        db.session.scalars(holidays().with_only_columns(forum.concerns.models.Holiday.day))
    )


def _register_search() -> None:
    """What can be found, in the order in which the page offers it."""
    search.register(forum.events.views.search.KIND)
    search.register(forum.concerns.views.search.KIND)
    search.register(forum.discussions.views.search.KIND)
    search.register(forum.neighborhoods.views.search.AREAS)
    search.register(forum.neighborhoods.views.search.STAFF)
    search.register(forum.home.help_pages.KIND)


def _register_commands(app: Flask) -> None:
    """`flask` command groups."""
    cli.register(app)


def _fill_menus() -> None:
    """What the main navigation and the desk's show, in order."""
    menus.main[:] = [
        NavItem(_l("Events"), "events.list_events", "/events"),
        NavItem(_l("Concerns"), "concerns_public.list_concerns", "/concerns"),
        NavItem(_l("Forums"), "discussions.list_forums", "/forums"),
        NavItem(_l("Neighborhoods"), "neighborhoods.list_neighborhoods", "/neighborhoods"),
        NavItem(_l("Calendars"), "events.subscribe", "/calendars"),
        NavItem(_l("About"), "home.about", "/about"),
    ]
    menus.desk[:] = [
        NavItem(_l("Today"), "home.desk", "/desk", exact=True),
        NavItem(
            _l("Concerns"),
            "concerns_desk.queue",
            "/desk/concerns",
            lambda person: person.role in forum.concerns.policy.DESK,
        ),
        NavItem(
            _l("Moderation"),
            "moderation_desk.queue",
            "/desk/moderation",
            forum.moderation.policy.can_moderate,
        ),
        NavItem(_l("Events"), "events_desk.list_events", "/desk/events", forum.events.policy.can_see_desk),
        NavItem(
            _l("Forums"), "discussions.desk_forums", "/desk/forums", forum.discussions.policy.can_keep_order
        ),
        NavItem(
            _l("Residents"), "discussions.residents", "/desk/residents", forum.discussions.policy.can_verify
        ),
        NavItem(
            _l("Action items"),
            "events_actions.actions",
            "/desk/actions",
            forum.events.policy.can_see_desk,
        ),
        NavItem(_l("Mail"), "notifications.mail", "/desk/mail", lambda _person: mailbox.exists()),
        NavItem(
            _l("People"), "accounts_admin.people", "/admin/people", forum.accounts.policy.can_manage_people
        ),
        NavItem(_l("Teams"), "accounts_admin.teams", "/admin/teams", forum.accounts.policy.can_manage_people),
        NavItem(
            _l("Beats"),
            "neighborhoods_admin.beats",
            "/admin/neighborhoods",
            forum.accounts.policy.can_manage_people,
        ),
        NavItem(_l("Kinds"), "events_kinds.list_kinds", "/admin/kinds", forum.events.policy.can_manage_kinds),
        NavItem(
            _l("Forums"),
            "discussions_boards.list_forums",
            "/admin/forums",
            forum.discussions.policy.can_manage_forums,
        ),
        NavItem(
            _l("Categories"),
            "concerns_categories.list_categories",
            "/admin/concerns/categories",
            forum.concerns.policy.can_manage_categories,
        ),
        NavItem(
            _l("Hours"),
            "concerns_hours.hours",
            "/admin/concerns/hours",
            forum.concerns.policy.can_manage_categories,
        ),
        NavItem(
            _l("Rules"), "moderation_admin.list_rules", "/admin/rules", forum.moderation.policy.can_make_rules
        ),
        NavItem(_l("Ledger"), "audit.entries", "/admin/audit", lambda person: person.role in LEDGER_READERS),
    ]
    forum.accounts.views.ways[:] = [
        Way(_l("Your RSVPs"), "events.my_rsvps", _l("Where you said going or maybe.")),
        Way(
            _l("Neighborhoods you follow"),
            "neighborhoods.list_following",
            _l("Their events come first for you."),
        ),
        Way(_l("Your concerns"), "concerns.list_own", _l("What you raised, and what we answered.")),
        Way(_l("Your reports"), "moderation.my_reports", _l("What you reported, and what came of it.")),
        Way(_l("Topics you follow"), "discussions.followed", _l("What neighbors wrote since you looked.")),
        Way(_l("Your bookmarks"), "discussions.bookmarks", _l("Posts that you want to find again.")),
        Way(_l("Your drafts"), "discussions.drafts", _l("What you began to write and have not sent.")),
        Way(_l("Mail you get"), "events.mail_choices", _l("Reminders, and what organizers write.")),
        Way(_l("Your calendars"), "calendars.calendars", _l("Your events in your phone's calendar.")),
    ]
