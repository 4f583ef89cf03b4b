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
        _fail(str(error))
    except BrokenPipeError:
        # Whoever read our output (head, less) has seen enough.
        sys.stderr.close()
        sys.exit(1)
    except Exception as error:  # what has no sentence of ours is raised again
        from .refusal import sentence

        said = sentence(error)
        if said is None:
            raise
        _fail(said)


def _fail(sentence: str) -> None:
    from .screen import inert

    print(f"bucketward: {inert(sentence)}", file=sys.stderr)
    sys.exit(2)
