"""IAM's two wildcards, scanned with two pointers.

`re` is kept out: the text of a policy belongs to whoever may write it, and a dozen stars in one
action make a backtracking matcher take seconds. Here the cost is linear, and at most pattern
times text where the pattern has a `?`.
"""

from typing import Final

STAR: Final = "*"
_MOST_STEPS: Final = 250_000


def matches(pattern: str, text: str) -> bool:
    """Say whether `pattern` matches the literal `text`; case counts."""
    return _scan(pattern, text, opaque="")


def covers(pattern: str, other: str) -> bool:
    """Say whether every string that the pattern `other` matches is matched by `pattern`.

    Sound, not complete: True is a proof, False may be a containment this scan cannot see.
    """
    return pattern in (STAR, other) or _scan(pattern, other, opaque=STAR)


def widened(pattern: str) -> str:
    """Return a pattern for all that one with policy variables may match, whatever they stand for.

    >>> widened("arn:aws:s3:::b/${aws:username, 'x'}/y")
    'arn:aws:s3:::b/*'
    """
    before, variable, _ = pattern.partition("${")
    return before + STAR if variable else pattern


def disjoint(first: str, second: str) -> bool:
    """Say whether no string can match both patterns; sound, not complete."""
    one, two = literal_prefix(first), literal_prefix(second)
    if not (one.startswith(two) or two.startswith(one)):
        return True
    one, two = literal_prefix(first[::-1]), literal_prefix(second[::-1])
    return not (one.startswith(two) or two.startswith(one))


def _scan(pattern: str, text: str, *, opaque: str) -> bool:
    length, end = len(pattern), len(text)
    if length - pattern.count(STAR) > end:
        return False  # every other character of the pattern takes one of the text
    if "?" not in pattern:
        return _find_in_order(pattern.split(STAR), text)
    if opaque and length * end > _MOST_STEPS:
        return False  # not proved; `covers` may say so
    at = here = 0
    star = resume = -1
    while here < end:
        wanted = pattern[at] if at < length else ""
        if wanted == STAR:
            star, resume = at, here
            at += 1
        elif wanted == text[here] or (wanted == "?" and text[here] != opaque):
            at += 1
            here += 1
        elif star >= 0:
            resume += 1
            at, here = star + 1, resume
        else:
            return False
    return not pattern[at:].strip(STAR)


def _find_in_order(pieces: list[str], text: str) -> bool:
    """Find the pieces between the stars from left to right; each find is linear."""
    if len(pieces) == 1:
        return pieces[0] == text
    first, last = pieces[0], pieces[-1]
    if not (text.startswith(first) and text.endswith(last)):
        return False
    at, end = len(first), len(text) - len(last)
    for piece in pieces[1:-1]:
        at = text.find(piece, at, end)
        if at < 0:
            return False
        at += len(piece)
    return at <= end


def literal_prefix(pattern: str) -> str:
    """Return what every match of `pattern` begins with."""
    for position, character in enumerate(pattern):
        if character in "*?":
            return pattern[:position]
    return pattern
