"""What a policy demands of every request, united over its Denies.

https://repost.aws/knowledge-center/s3-bucket-policy-for-config-rule
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from .actions import PUT_OBJECT
from .demanded import EVERY_OTHER_PUT
from .resources import BUCKET, OBJECTS, WHOLE, buckets_named, reach_of
from .statements import Statement


class Demands(NamedTuple):
    """What holds for each request on the bucket and all its objects."""

    tls: bool = False
    min_tls: str | None = None
    kms_only_puts: bool = False


NO_DEMANDS: Final = Demands()


def demands(statements: Sequence[Statement], bucket: str | None) -> Demands:
    """Unite what the Denies for everyone cover."""
    denies = [
        deny
        for deny in statements
        if not deny.allows
        and len(deny.conditions) == 1
        and deny.conditions[0].demanded is not None
        and deny.is_for_everyone
        and not deny.not_action
    ]
    if not denies:
        return NO_DEMANDS
    names = buckets_named(statements, bucket)
    if len(names) == 1:
        return _of_bucket(denies, names[0])
    found = [_of_bucket(denies, name) for name in names]
    return Demands(
        tls=all(demand.tls for demand in found),
        min_tls=min(demand.min_tls or "" for demand in found) or None,
        kms_only_puts=all(demand.kms_only_puts for demand in found),
    )


def _of_bucket(denies: Iterable[Statement], bucket: str) -> Demands:
    plaintext = puts = 0
    on_bucket = on_objects = ""
    for deny in denies:
        demanded = deny.conditions[0].demanded
        reach = reach_of(deny, bucket)
        if demanded is None or not reach:
            continue
        if deny.actions.every:
            if demanded.tls:
                plaintext |= reach
            if reach & BUCKET and demanded.version > on_bucket:
                on_bucket = demanded.version
            if reach & OBJECTS and demanded.version > on_objects:
                on_objects = demanded.version
        if reach & OBJECTS and deny.grants & PUT_OBJECT:
            puts |= demanded.puts
    return Demands(plaintext == WHOLE, min(on_bucket, on_objects) or None, puts == EVERY_OTHER_PUT)
