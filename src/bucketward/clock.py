"""The time, from the one clock that a test can turn."""

import time
from datetime import UTC, datetime


def now() -> datetime:
    """Return the present time in UTC."""
    return datetime.fromtimestamp(time.time(), UTC)
