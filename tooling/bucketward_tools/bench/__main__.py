"""``make bench``: print every figure that the documentation quotes."""

from __future__ import annotations

import sys

from . import controls, layer, policy_speed


def main() -> int:
    """Run all measurements; the exit status is 1 where one missed its bar."""
    missed = 0
    for part in (controls, layer, policy_speed):
        print(f"\n{part.__doc__.splitlines()[0]}\n" if part.__doc__ else "")
        for name, figure, bar, held in part.rows():
            print(f"  {name:58} {figure:>22}   {'bar ' + bar if bar else '':20} {'' if held else 'MISSED'}")
            missed += not held
            sys.stdout.flush()
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
