"""Notifications: what a person is told and how.

A **notification** is written in the same transaction as the act it tells of; the table is the outbox. A job takes each
under a **lease**, renders it through the message that the slice registered for its kind, hands it to the mail server
and records the outcome. Its **key** is unique, so nobody is told the same thing twice.
"""
