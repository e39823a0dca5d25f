"""The findings of all commands: ``scan``, ``preflight``, ``check``, ``watch`` or ``doctor``; pure.

``finding`` has the record that all of them make, ``form`` the formats that all of them have, ``render`` makes those for
other programs: ``sarif``, ``github`` (workflow commands) and ``junit``. ``assertions`` and ``news`` make findings from
the answers of these queries.
"""
