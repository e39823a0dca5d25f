"""Scan: whether a lock file, a list of requirements or an environment takes files that came late.

``inputs`` reads what the user has into pins; ``facts`` finds out about their files; the rules are SQL in
``queries/rules``; ``verdict`` applies levels, ignores and the baseline; ``formats`` writes what was found.
"""
