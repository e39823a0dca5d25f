"""The formats of every command that has findings; light: the command line can name them without loading one."""

from enum import StrEnum

from audit.answers.format import Format


class Form(StrEnum):
    """The formats of rows, and three of findings, which other programs read: sarif, github and junit."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    MARKDOWN = "markdown"
    PARQUET = "parquet"
    SARIF = "sarif"
    GITHUB = "github"
    JUNIT = "junit"

    @property
    def of_rows(self) -> Format | None:
        """The same format for rows; None: it is a format of findings only."""
        return None if self in {Form.SARIF, Form.GITHUB, Form.JUNIT} else Format(self.value)
