"""What every report says in the same words."""

# Why a file is late: the first that applies counts.
REASONS = {
    "legacy-format": "an egg, an installer for Windows or another format of the past",
    "sdist": "a source distribution",
    "first-wheel": "the first wheels of a release that had none",
    "rebuild": "a wheel with the tags of one that was there, only its build number differs",
    "new-python": "a wheel for an interpreter that the release had no wheel for",
    "new-platform": "a wheel for a platform that the release had no wheel for",
    "fill-in": "an interpreter and a platform that the release knew, but not together",
    "overlap": "an interpreter and a platform that were served already: it competes with a file that was there",
}

LIMITS = (
    "Late says nothing of intent: a wheel for a Python or a platform that came later is late too.",
    "The first upload is that of the first file still visible. If it was deleted, we see less lag than there was, "
    "never more: every count of late files is a lower bound.",
    "Deleted files, quarantined projects and quarantined releases are not listed by any index.",
    "A file whose upload time the index does not tell is in no lag; projects that could not be reached are counted.",
)
