"""``python -m bucketward_tools.generate [--check]``."""

from __future__ import annotations

import argparse
import sys
from difflib import unified_diff

from bucketward_tools import generate
from bucketward_tools.catalogue import ROOT


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bucketward_tools.generate",
        description="Write template.yaml and the generated pages of docs/ from infra/ and code.",
        epilog="example: python -m bucketward_tools.generate --check",
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="write nothing; show what is stale and end with exit status 1 where anything is",
    )
    check = parser.parse_args().check
    stale = generate.stale()
    for name, text in stale.items():
        path = ROOT / name
        if check:
            before = path.read_text(encoding="utf-8") if path.is_file() else ""
            sys.stdout.writelines(
                unified_diff(
                    before.splitlines(keepends=True),
                    (text or "").splitlines(keepends=True),
                    f"{name} (as it is)",
                    f"{name} (as generated)",
                )
            )
        elif text is None:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    if check and stale:
        names = ", ".join(stale)
        sys.stderr.write(f"Stale: {names}. Run `{generate.COMMAND}` and commit the result.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
