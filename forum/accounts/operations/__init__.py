"""Every write about accounts, by noun: sessions, registering, credentials, people, teams, erasing."""

from forum.accounts.operations.people import add_person
from forum.accounts.operations.sessions import start_session

__all__ = ["add_person", "start_session"]
