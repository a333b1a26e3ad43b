"""Stories across the whole site, told in a real browser against the real server."""
