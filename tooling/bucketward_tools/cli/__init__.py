"""The operator's command line, ``bucketward``."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typer import TyperException

_INTERRUPTED = 130


def main() -> None:
    """Run the command line; errors are one sentence on stderr, with exit status 2."""
    try:
        code = _run()
    except KeyboardInterrupt:  # before typer minds it
        code = _INTERRUPTED
    if code == _INTERRUPTED:
        _leave()
    sys.exit(code)


def _run() -> int:
    from typer import Abort, TyperException

    from bucketward.errors import BucketwardError

    from .app import app

    try:
        code: int = app(prog_name="bucketward", standalone_mode=False) or 0
        sys.stdout.flush()  # else it would be too late to say nothing of a reader that is gone
    except TyperException as error:
        _fail(_usage(error))
    except BucketwardError as error:
        _fail(str(error))
    except Abort:
        print("bucketward: Stopped.", file=sys.stderr)
    except BrokenPipeError:
        # Whoever read our output (head, less) has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:  # what has no sentence of ours is raised again
        from .refusal import sentence

        said = sentence(error)
        if said is None:
            raise
        _fail(said)
    else:
        return code
    return 1


def _usage(error: TyperException) -> str:
    """Say what is wrong with the words of a command, and where it explains itself."""
    said = error.format_message()
    if said.startswith("Usage: "):  # a command that has commands, and was given none
        print(said, file=sys.stderr)
        sys.exit(2)
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "bucketward"
    return f"{said.replace('Value error, ', '').rstrip('.')}; see: {command} --help"


def _leave() -> None:
    """End on Ctrl-C without waiting for the calls to AWS that threads have under way."""
    print("bucketward: Interrupted.", file=sys.stderr)
    with suppress(OSError):
        sys.stdout.flush()
    os._exit(_INTERRUPTED)


def _fail(sentence: str) -> None:
    from .screen import inert

    print(f"bucketward: {inert(sentence)}", file=sys.stderr)
    sys.exit(2)
