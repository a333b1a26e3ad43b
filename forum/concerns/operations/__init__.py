"""Every write of concerns."""
