"""Portable: the queries whose SQL other engines accept too, and the code that runs them there."""
