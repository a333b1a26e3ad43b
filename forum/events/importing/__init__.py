"""Events from elsewhere: three readers, one neutral shape, a plan, and the operations that carry it out.

`ics`, `csv` and `chicago` each turn a file into an `ImportResult`: events, the rows that cannot go in (with a
reason in plain words), and a table of the decisions taken on dirty rows. `series` finds the rules in lists of
dates; `plan` compares with what the database holds; `apply` is the only module here that writes, and it does so
through the slice's operations. Readers are pure: no database, no clock, no network.
"""
