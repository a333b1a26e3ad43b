"""Every write of moderation."""
