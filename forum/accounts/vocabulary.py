"""What the ledger says people did with accounts."""

from __future__ import annotations

from enum import StrEnum


class AccountAct(StrEnum):
    """``account.<noun>.<verb>``. Sorted; a word is never given a second meaning."""

    EMAIL_CHANGE = "account.email.change"
    ERASE = "account.person.erase"
    INVITE = "account.person.invite"
    PASSWORD_CHANGE = "account.password.change"
    PASSWORD_RESET = "account.password.reset"
    PERSON_EDIT = "account.person.edit"
    REGISTER = "account.person.register"
    RESTORE = "account.person.restore"
    ROLE_CHANGE = "account.role.change"
    SUPERIOR_CHANGE = "account.superior.change"
    SUSPEND = "account.person.suspend"
    TEAM_ADD = "account.team.add"
    TEAM_CHANGE = "account.team.change"
    TEAM_DELETE = "account.team.delete"
    TEAM_RENAME = "account.team.rename"


class AccountMessage(StrEnum):
    """The mails of this slice, ``account.<what happened>``. Sorted."""

    ALREADY_REGISTERED = "account.already_registered"
    CONFIRM = "account.confirm"
    EMAIL_CHANGE = "account.email_change"
    EMAIL_CHANGE_NOTICE = "account.email_change_notice"
    INVITATION = "account.invitation"
    PASSWORD_CHANGED = "account.password_changed"
    RESET = "account.reset"
