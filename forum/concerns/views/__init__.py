"""Pages of concerns, split by who reads them."""
