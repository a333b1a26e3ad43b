"""Every write of discussions."""
