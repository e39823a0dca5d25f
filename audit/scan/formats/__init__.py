"""Formats: what a judged scan looks like for people and for other programs. ``render`` is the one way to each; pure."""
