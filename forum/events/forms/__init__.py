"""Forms of this slice: answering, and the desk's."""
