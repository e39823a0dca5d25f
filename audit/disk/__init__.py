"""Disk: files that are there whole or not at all, folders that go with their process, and no link followed."""
