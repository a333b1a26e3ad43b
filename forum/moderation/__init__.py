"""Moderation: reports, rules, decisions, appeals, and a public account of all of it.

A **thing** (a post, a topic) belongs to another slice, which registers its **kind** (registry.py). Somebody
**reports** a thing with a **rule** in mind, or a **filter** holds it for a person to read: either opens a **case**, of
which a thing has at most one that is undecided. A moderator **takes** a case and makes one **decision** under one
numbered rule, with words; its author reads it at ``/moderation/<code>`` and may **appeal** once within 14 days, to
somebody who did not decide and does not answer to who did. Rules come in **versions** that two people make; a rule's
number is never used again. What a decision takes away stays **sealed** as an **original**.

Filters hold and never decide. No rule, filter or column knows what somebody thinks of the agency.
"""
