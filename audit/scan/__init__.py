"""Scan: checks whether a lock file, a list of requirements or an environment takes files that came late.

``inputs`` reads the user's files into pins; ``facts`` looks up their files; the rules are SQL in
``queries/rules``; ``verdict`` applies levels, ignores and the baseline; ``formats`` writes the findings.
"""
