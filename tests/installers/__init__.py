"""The picks, proved against real installers."""
