"""Texts that all reports share."""

from collections.abc import Sequence
from typing import NamedTuple

# Why a file is late: the first reason that applies counts.
REASONS = {
    "legacy-format": "an egg, an installer for Windows or another format of the past",
    "sdist": "a source distribution",
    "first-wheel": "the first wheels of a release that had none",
    "rebuild": "a wheel with the same tags as one that was there; only its build number differs",
    "new-python": "a wheel for an interpreter that the release had no wheel for",
    "new-platform": "a wheel for a platform that the release had no wheel for",
    "fill-in": "an interpreter and a platform that the release had wheels for, but not together",
    "overlap": "an interpreter and a platform that had a wheel already: it competes with a file that was there",
}

LIMITS = (
    "Late says nothing about intent: a wheel for a Python or a platform that came later is late too.",
    "The first upload is that of the first file still visible. If it was deleted, we see less lag than there was, "
    "never more: every count of late files is a lower bound.",
    "Deleted files, quarantined projects and quarantined releases are not listed by any index.",
    "A file for which the index gives no upload time has no lag; such files are counted. Projects that could not be "
    "reached are counted too.",
)


class About(NamedTuple):
    """What a page of the documentation says, short enough for a report."""

    title: str
    words: Sequence[str]


# By the page of docs/ with the details.
ABOUT = {
    "signs": About(
        "Signs that deserve a look",
        (
            "A sign is a reason to look at a release, not a verdict: each has ordinary causes.",
            "is_superseded: a late file came after a greater stable release, which itself came after this one. Wheels "
            "for old releases have this sign, and so does an old file left in the folder that was uploaded.",
            "has_build_tag_without_base: a wheel has a build tag, and no file of the release has the same tags without "
            "one. A broken wheel that was deleted and replaced by a higher build has it too.",
            "is_out_of_order: the release is final, and its first visible upload is more than 24 hours later than that "
            "of a greater final version of its major.minor series. It was uploaded afterwards, or all its first files "
            "were deleted.",
            "lost_provenance: a late file has no attestation, though every file before its batch has one. A wheel "
            "uploaded by hand has it. Only the Index API lists attestations.",
        ),
    ),
    "picks": About(
        "What an installer picks",
        (
            "pip prefers the wheel whose best tag ranks highest for the environment, then the higher build tag; a "
            "source distribution only if no wheel fits; requires-python must admit the interpreter. A yanked file "
            "counts, as the version is pinned.",
            "A late file displaces where it is picked and another wheel was picked before; it builds no more where a "
            "source distribution was picked before; it is new where nothing was.",
        ),
    ),
    "cooldowns": About(
        "Whose age a cooldown asks for",
        (
            "A cooldown holds back what is fresh, but a release has no single age: a late file is new, in a release "
            "that is old. No way to read it is wrong in itself, and none was made with late files in mind. As read in "
            "November 2026:",
            "per-file: the file's own age. uv, exclude-newer (since 2023-11); pip, --uploaded-prior-to (pip 26.0, "
            "2026-01-30).",
            "earliest-of-release: that of the release's earliest file. Renovate, minimumReleaseAge (since 2026-08-17).",
            "last-by-filename: that of the file that the index lists last. Dependabot, cooldown of its pip updater (in "
            "beta since 2025-04).",
            "newest-of-release: that of its newest file, so that one that is too young hides the whole release. "
            "Poetry, solver.min-release-age (Poetry 2.4.0, 2026-05-03).",
            "A late file passes at once where the age that the rule asks for is greater than the cooldown "
            "already; it hides a good release where that age was greater just before the file came and is not any "
            "more; else it is held, and hides nothing that was not held.",
        ),
    ),
}
