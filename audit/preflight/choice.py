"""What a user can choose by name; light, so that the command line loads nothing to tell it."""

from enum import StrEnum

from audit.answers.format import Format


class RuleChoice(StrEnum):
    """``auto``: PyPI's rules for PyPI, from when its rule of 14 days was merged; none for any other index."""

    AUTO = "auto"
    PYPI_14D = "pypi-14d"
    NONE = "none"


class Form(StrEnum):
    """The formats of an answer; sarif, github and junit are what other programs read."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    MARKDOWN = "markdown"
    PARQUET = "parquet"
    SARIF = "sarif"
    GITHUB = "github"
    JUNIT = "junit"

    @property
    def of_answer(self) -> Format | None:
        """The same format, of the rows of an answer; None: it has no rows, but findings."""
        return None if self in {Form.SARIF, Form.GITHUB, Form.JUNIT} else Format(self.value)


class Check(StrEnum):
    """What can stand out in all files, or in those of one release, in the order in which it is told."""

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
