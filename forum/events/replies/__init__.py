"""Answers that calendar programs send back by mail (iMIP, RFC 6047): read here, counted in operations/replies.py."""
