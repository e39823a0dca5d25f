"""Findings, whichever command has them: ``scan``, ``preflight``, ``check``, ``watch`` or ``doctor``; pure.

``finding`` has the one record that all of them make, ``form`` the formats that all of them have, ``render`` the way to
those of other programs: ``sarif``, ``github`` (workflow commands) and ``junit``. ``assertions`` and ``news`` make
findings of what these queries answer.
"""
