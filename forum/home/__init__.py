"""Home: the front page, what stands in the footer, and the choice of language."""
