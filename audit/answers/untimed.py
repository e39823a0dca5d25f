"""What reports say if no upload time is known: that nothing can be said, never that nothing was late."""


def no_times_note(file_count: int, untimed_count: int, of: str = "") -> str | None:
    """The message if no file has an upload time; None: some have.

    ``of`` says what the files belong to, such as `` of spam``.
    """
    if file_count > untimed_count:
        return None
    match file_count:
        case 0:
            none = f"No file{of} is listed"
        case 1:
            none = f"The only file{of} has no upload time"
        case _:
            none = f"None of the {file_count:,} files{of} has an upload time"
    return f"{none}: nothing can be said about lags, and a count of late files means nothing."
