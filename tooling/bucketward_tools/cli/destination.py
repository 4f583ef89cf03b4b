"""Where a report goes: standard output, or a file that is there only when it is complete."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from bucketward.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def destination(file: Path | None) -> Iterator[TextIO]:
    """Yield what to write to; a failed command leaves the file as it was before."""
    if file is None or str(file) == "-":
        yield sys.stdout
        return
    try:
        descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    except OSError as error:
        raise BadInput(f"Cannot write {file}: {error.strerror}.") from error
    made = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            yield out
        made.chmod(0o644)
        made.replace(file)
    except OSError as error:
        raise BadInput(f"Cannot write {file}: {error.strerror}.") from error
    finally:
        made.unlink(missing_ok=True)


def coloured(file: Path | None) -> bool:
    """Whether the report is for eyes on a terminal; NO_COLOR is https://no-color.org."""
    return file is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
