"""Formats: a judged scan for people and for other programs. ``render`` makes all of them; pure."""
