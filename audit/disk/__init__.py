"""Disk: files written completely or not at all, folders deleted with their process; no link is followed."""
