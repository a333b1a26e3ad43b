"""Shape and cleaning of what people send about concerns."""
