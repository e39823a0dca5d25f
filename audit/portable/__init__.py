"""Portable: the queries whose SQL other engines take too, and what runs them there."""
