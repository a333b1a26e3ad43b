"""Concerns: what worries a resident, raised in the way that is safe for them, worked by officers, answered on time.

A **concern** has a **mode** (public, private, confidential, anonymous), a **reference** (``CG-7K3M-9QPD``), a thread
of **entries** (messages and changes of status, which its person sees) and internal **notes** (which nobody outside the
desk ever sees, in a table of their own). Who sent it lies in **identity**, a table of its own; an anonymous concern has
no row there. Whoever has no account comes back with the **receipt code**, of which the table keeps a keyed hash.

What holds always: an anonymous concern names nobody and knows days, not times; whoever is named in it, and whoever
answers to them, does not see it (**recusal**); a status changes only as ``states`` allows, and each change is an entry.
"""
