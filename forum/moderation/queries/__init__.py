"""Reading moderation's tables."""
