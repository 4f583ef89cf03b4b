"""What Bucketward needs of an account and of its stack, and the command that mends each."""

from __future__ import annotations

from collections import Counter
from importlib.metadata import version
from typing import TYPE_CHECKING

from bucketward import _aws
from bucketward._watchers import faults
from bucketward.errors import BucketwardError
from bucketward_tools.catalogue import rules

from .finding import MISSING, OK, UNKNOWN, Finding, Place
from .mending import reverting
from .permissions import WRITES, granting, lacking
from .prerequisites import channel, recorder, trail
from .refusal import sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


_RULES = 1000
"""Rules that an account may have in a Region, see AWS Config's service quotas."""


def findings(place: Place) -> Iterator[Finding]:
    """Yield every finding; what may not be looked at is one too, and the others go on."""
    checks: dict[str, Callable[[Place], Iterator[Finding]]] = {
        "recorder": recorder,
        "delivery channel": channel,
        "trail": trail,
        "rules": _rules,
        "regions": _regions,
        "stack": _stack,
    }
    if place.deployment is not None:
        checks |= {"version": _version, "parts": _parts, "permissions": _permissions}
    for name, check in checks.items():
        try:
            yield from check(place)
        except (_aws.ClientError, _aws.BotoCoreError, BucketwardError) as error:
            yield Finding(name, UNKNOWN, sentence(error) or str(error))


def _rules(place: Place) -> Iterator[Finding]:
    pages = _aws.client("config", None, None).get_paginator("describe_config_rules").paginate()
    number = sum(len(page["ConfigRules"]) for page in pages)
    new = len(rules()) if place.deployment is None else 0
    found = f"{number} of {_RULES} rules are used here" + (f"; {new} are to come." if new else ".")
    if number + new <= _RULES:
        yield Finding("rules", OK, found)
        return
    quota = "aws service-quotas list-service-quotas --service-code config --region " + place.region
    yield Finding("rules", MISSING, found, (quota,))


def _regions(place: Place) -> Iterator[Finding]:
    """Each Region with buckets needs a stack of its own."""
    counts = Counter(region for _, region in _aws.buckets() if region)
    for region, number in sorted(counts.items()):
        buckets = f"{number} bucket{'s' * (number != 1)}"
        if region == place.region:
            yield Finding("regions", OK, f"{buckets} in {region}, which this is.")
            continue
        try:
            deployed = _deployed(place.stack, region)
        except (_aws.ClientError, _aws.BotoCoreError) as error:
            yield Finding("regions", UNKNOWN, f"{buckets} in {region}: {sentence(error)}")
            continue
        if deployed:
            yield Finding("regions", OK, f"{buckets} in {region}, with a stack {place.stack}.")
        else:
            there = Place(place.account, region, place.stack, None)
            found = f"{buckets} in {region}, where there is no stack {place.stack}."
            yield Finding("regions", MISSING, found, there.deploy)


def _deployed(stack: str, region: str) -> bool:
    try:
        return bool(
            _aws.client("cloudformation", region).describe_stacks(StackName=stack)["Stacks"]
        )
    except _aws.ClientError as error:
        if _aws.error_code(error) == "ValidationError":
            return False
        raise


def _stack(place: Place) -> Iterator[Finding]:
    if place.deployment is None:
        yield Finding("stack", MISSING, place.why, place.deploy)
        return
    state = place.deployment.state
    found = f"Stack {place.stack} is {state}."
    if place.deployment.settled:
        yield Finding("stack", OK, found)
        return
    events = f"aws cloudformation describe-stack-events --stack-name {place.stack} --region "
    yield Finding("stack", MISSING, found, (events + place.region, *place.deploy))


def _version(place: Place) -> Iterator[Finding]:
    own = version("bucketward")
    there = place.deployment.version if place.deployment else ""
    if own == there:
        yield Finding("version", OK, f"The stack and this command are both {own}.")
        return
    found = f"The stack is {there or 'of a version that it does not tell'}, this command {own}."
    yield Finding("version", MISSING, found, place.deploy)


def _parts(place: Place) -> Iterator[Finding]:
    assert place.deployment is not None  # noqa: S101 - asked of a stack only
    off = list(faults(place.deployment.stack, place.deployment.automatic))
    if not off:
        yield Finding("parts", OK, "Every part of the stack is in place and on.")
        return
    yield Finding("parts", MISSING, " ".join(off), reverting(place.deployment))


def _permissions(place: Place) -> Iterator[Finding]:
    deployment = place.deployment
    assert deployment is not None  # noqa: S101 - asked of a stack only
    held = []
    for sid, denied in lacking(deployment):
        names = ", ".join(dict.fromkeys(denied))
        if not denied:
            held.append(sid)
        elif sid in WRITES:
            yield Finding("permissions", OK, f"{sid} is left to others: you may not {names}.")
        else:
            mend = (granting(deployment, sid),)
            yield Finding("permissions", MISSING, f"{sid}: you may not {names}.", mend)
    if held:
        yield Finding("permissions", OK, f"You have {', '.join(held)} of docs/operations.md.")
