"""Findings as other programs read them, whichever command found them: SARIF, workflow commands of GitHub, JUnit; pure.

``finding`` has the record that a command makes of its findings; each other module is one format.
"""
