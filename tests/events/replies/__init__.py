"""Answers by mail: letters in the shapes that calendar programs send, and what becomes of them."""
