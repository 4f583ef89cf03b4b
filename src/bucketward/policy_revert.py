"""Bring a bucket's policy back: to its earlier form where that is safe, else by cutting out.

Every choice keeps the statements that do not offend. The first that leaves no fault, weakens
nothing and that S3 will store is taken:

1. the earlier policy as a whole, where it holds all that does not offend now;
2. the offending statements each in its earlier form (the same Sid), what still offends cut out;
3. what offends cut out.
"""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING, Final

from .aspects import POLICY, PUBLIC_ACCESS_BLOCK
from .calls import delete, put
from .errors import Refused
from .policy import Options, PolicyEditError, judge, with_statement
from .policy_cut import Raw, raw_of, text_of
from .safety import weakening

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .bucket import Bucket
    from .calls import Call
    from .policy_faults import Faults
    from .remediation import Known

    Find = Callable[[Bucket], Faults]
    Cut = Callable[[Bucket, Faults], str | None]

READS = (POLICY, PUBLIC_ACCESS_BLOCK)
"""What a remediation must read to write a policy."""

CALLS = (POLICY.put, delete(POLICY).operation)
"""What `revert` may call."""

_LARGEST: Final = 20 * 1024
_LENIENT: Final = Options(**{each.name: True for each in fields(Options)})
"""Every contested reading in the policy's favour: what is public then is public for S3 too."""


def revert(bucket: Bucket, known: Known, find: Find, cut: Cut | None = None) -> Iterator[Call]:
    """Yield the one call that takes the faults away; none where there are none.

    ``find`` names the offending statements, ``cut`` returns the policy without what offends, or
    None where nothing is left. Without ``cut`` only an earlier form will do. Raises `Refused`.
    """
    faults = find(bucket)
    if not faults:
        return
    if faults.unreadable:
        raise Refused(
            f"The policy of bucket {bucket.name} cannot be judged, so it cannot be edited safely; "
            f"write it anew. {faults.unreadable}"
        )
    earlier = known.earlier()
    reasons = ["no earlier policy is known that would do"]
    for choice in _choices(bucket, find, cut, earlier[POLICY] if earlier else None):
        try:
            text = choice()
        except PolicyEditError as error:
            reasons.append(str(error).rstrip("."))
            continue
        after = bucket.replacing(POLICY, text)
        reason = str(find(after)) or weakening(bucket, after, [POLICY]) or unstorable(after) or ""
        if not reason:
            yield delete(POLICY) if text is None else put(POLICY, text)
            return
        reasons.append(reason.rstrip("."))
    raise Refused(
        f"No safe policy is known for bucket {bucket.name} ({reasons[-1]}); change it by hand. "
        f"{faults}"
    )


def store(bucket: Bucket, text: str) -> Call:
    """Return the call that writes the policy; raises `Refused` where S3 would not store it."""
    reason = unstorable(bucket.replacing(POLICY, text))
    if reason:
        raise Refused(f"The policy of bucket {bucket.name} cannot be changed: {reason}.")
    return put(POLICY, text)


def unstorable(bucket: Bucket) -> str | None:
    """Say why S3 would surely refuse the bucket's policy, or None.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_PublicAccessBlockConfiguration.html
    """
    text = bucket[POLICY]
    if text is None:
        return None
    if len(json.dumps(json.loads(text), separators=(",", ":"), ensure_ascii=False)) > _LARGEST:
        return "it would be larger than 20 KB, which S3 does not store"
    if (bucket[PUBLIC_ACCESS_BLOCK] or {}).get("BlockPublicPolicy") is True and judge(
        text, bucket.account, bucket.name, options=_LENIENT
    ).public:
        return (
            "it is public for another reason, and S3 stores no such policy under BlockPublicPolicy"
        )
    return None


def _choices(
    bucket: Bucket, find: Find, cut: Cut | None, earlier: str | None
) -> Iterator[Callable[[], str | None]]:
    offending = find(bucket).statements
    if earlier is not None and judge(earlier).valid:
        statements, then = raw_of(text_of(bucket)), raw_of(earlier)
        if all(each in then for i, each in enumerate(statements) if i not in offending):
            yield lambda: earlier
        restored = _with_earlier_statements(bucket, find, then)
        if restored != bucket[POLICY]:
            yield lambda: _rest_cut(bucket.replacing(POLICY, restored), find, cut)
    if cut:
        yield lambda: _rest_cut(bucket, find, cut)


def _rest_cut(bucket: Bucket, find: Find, cut: Cut | None) -> str | None:
    faults = find(bucket)
    text = text_of(bucket)
    return cut(bucket, faults) if cut and faults.statements else text


def _with_earlier_statements(bucket: Bucket, find: Find, then: list[Raw]) -> str:
    text = text_of(bucket)
    statements = raw_of(text)
    for index in find(bucket).statements:
        sid = statements[index].get("Sid")
        found = [each for each in then if sid and each.get("Sid") == sid]
        if len(found) != 1 or found[0] == statements[index]:
            continue
        try:
            changed = with_statement(text, found[0])
        except PolicyEditError:
            continue  # two statements of the same Sid: which of them was it?
        after = bucket.replacing(POLICY, changed)
        if index not in find(after).statements and not weakening(bucket, after, [POLICY]):
            text = changed
    return text
