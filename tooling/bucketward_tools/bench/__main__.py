"""``make bench``: print every figure that the documentation quotes."""

from __future__ import annotations

import sys

from . import browser, controls, layer, peers, policy_speed

PARTS = (controls, layer, policy_speed, browser, peers)


def main() -> int:
    """Run all measurements; the exit status is 1 where one missed its bar."""
    missed = 0
    for part in PARTS:
        print(f"\n{(part.__doc__ or '').partition(chr(10))[0]}")
        for figure in part.figures():
            print(figure, flush=True)
            missed += not figure.held
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
