"""The picks, tested against real installers."""
