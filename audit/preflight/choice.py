"""What a user can choose by name; light, so that the command line can list it without loading more."""

from enum import StrEnum


class RuleChoice(StrEnum):
    """``auto``: PyPI's rules for PyPI, from when its rule of 14 days was merged; none for any other index."""

    AUTO = "auto"
    PYPI_14D = "pypi-14d"
    NONE = "none"


class Check(StrEnum):
    """The checks of all files, or of those of one release, in the order in which they are shown."""

    SEVERAL_PROJECTS = "several-projects"
    SEVERAL_VERSIONS = "several-versions"
    INDEX_STATUS = "index-status"
    NO_SDIST = "no-sdist"
    INCOMPLETE = "incomplete"
    FORGOTTEN_BUMP = "forgotten-bump"
    BUILD_NUMBER = "build-number"
    ABI3 = "abi3"
    POST_RELEASE = "post-release"
    DISPLACES = "displaces"
    BUILDS_NO_MORE = "builds-no-more"
    OTHER_SDIST = "other-sdist"
