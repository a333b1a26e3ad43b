"""Reading concerns: viewer first, and only what they may see."""
