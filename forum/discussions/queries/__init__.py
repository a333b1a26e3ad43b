"""Reading discussions: boards, topics, posts."""
