"""The formats of a scan; light, so that the command line can name them without loading one."""

from enum import StrEnum


class Form(StrEnum):
    """``table`` is for a person; json, csv and markdown hold every column; the others are what other programs read."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    MARKDOWN = "markdown"
    SARIF = "sarif"
    GITHUB = "github"
    JUNIT = "junit"

    @property
    def tells_findings(self) -> bool:
        """Whether a scan in this format ends with 1 for findings; the readers of the others fail by themselves."""
        return self not in {Form.SARIF, Form.GITHUB}
