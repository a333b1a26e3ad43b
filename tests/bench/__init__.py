"""The bench itself: that it measures, counts errors and tells the truth in its table."""
