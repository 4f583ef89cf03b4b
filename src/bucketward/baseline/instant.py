"""Times as the store writes them: UTC with microseconds, so that the texts sort as the times do."""

from datetime import UTC, datetime

from bucketward.errors import BadInput, shown


def stamp(time: datetime) -> str:
    """Write a time with its zone.

    >>> stamp(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    '2026-01-02T03:04:05.000000Z'
    """
    if time.tzinfo is None:
        raise BadInput(f"The time {time} has no time zone; pass it with one.")
    return time.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def moment(text: str) -> datetime:
    """Read what `stamp` wrote; raises `BadInput` for anything else."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        time = datetime.min  # noqa: DTZ901 - refused two lines on
    if time.tzinfo is None:
        raise BadInput(f"The stored time {shown(text)} is not a time in UTC.")
    return time.astimezone(UTC)
