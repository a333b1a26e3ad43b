"""Accounts: people, their one **role**, **teams**, who answers to whom, sign-in **sessions** and mailed **links**.

Invariants: an e-mail address belongs to at most one person (compared folded); a person has exactly one role, so that
no account joins powers that promise 4 keeps apart; a session lives on the server and ends there; a link works once;
nobody learns from an answer, its status or its time whether an address has an account.

Beside the layers every slice has: ``addresses`` folds e-mail addresses, ``passwords`` hashes, ``links`` makes and reads
mailed tokens, ``throttle`` counts tries, ``signing_in`` proves who somebody is and gives the browser its session.
Higher slices add what they must do when an account is erased to ``operations.erasing.erasers`` (through wiring).
"""
