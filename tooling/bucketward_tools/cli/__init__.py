"""The operator's command line, ``bucketward``."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; errors are one sentence on stderr, with exit status 2."""
    from bucketward.errors import BucketwardError

    from .app import app

    try:
        app(prog_name="bucketward")
    except BucketwardError as error:
        print(f"bucketward: {error}", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:
        # Whoever read our output (head, less) has seen enough.
        sys.stderr.close()
        sys.exit(1)
