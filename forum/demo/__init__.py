"""The demonstration town: Chicago's neighborhoods and its community calendar of 2016 and 2017, brought to today.

No police department runs it. `prepare` made the files of `data/` from the public sources (data/README.md); `grid`
and `calendar` tie events to neighborhoods and to today; `people` is the cast; `town` loads it all, through the same
operations as everyone's.
"""
