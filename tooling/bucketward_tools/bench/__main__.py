"""``make bench``: print every figure that the documentation quotes."""

from __future__ import annotations

import sys

from . import browser, controls, layer, peers, policy_speed

PARTS = (controls, layer, policy_speed, browser, peers)


def main() -> int:
    """Run all measurements, or the parts named; the status is 1 where one missed its bar."""
    names = {part.__name__.rpartition(".")[2]: part for part in PARTS}
    if unknown := set(sys.argv[1:]) - names.keys():
        print(f"There is no {', '.join(sorted(unknown))}; choose from: {', '.join(names)}.")
        return 2
    missed = 0
    for part in [names[name] for name in sys.argv[1:]] or PARTS:
        print(f"\n{(part.__doc__ or '').partition(chr(10))[0]}")
        for figure in part.figures():
            print(figure, flush=True)
            missed += not figure.held
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
