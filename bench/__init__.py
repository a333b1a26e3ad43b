"""Speed, measured against floors of the same machine in the same minute: ``make bench``.

A number of requests a second says little, since machines differ and neighbors are noisy. So each scenario of the site
takes turns with a *floor*, a minimal Flask application under the same server, and what counts is the ratio of the two
medians. ``python -m bench --help`` lists what can be chosen.
"""
