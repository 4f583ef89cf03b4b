"""Look at what AWS itself must do before Bucketward can: record, deliver, and tell who acted."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from bucketward import _account, _aws
from bucketward.account import RECORDERS, TRAILS, Account
from bucketward.trails import owner
from bucketward.verdict import Compliance
from bucketward_tools.catalogue import control

from .finding import MISSING, OK, UNKNOWN, Finding
from .mending import (
    NEW_CHANNEL,
    NEW_RECORDER,
    NEW_TRAIL,
    put_recorder,
    selecting,
    tells_of_writes,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .finding import Place

_START = "aws configservice start-configuration-recorder --configuration-recorder-name"


def recorder(place: Place) -> Iterator[Finding]:
    """Ask the control that watches the recorder once there is a stack."""
    recorders = _account.read_fact(RECORDERS.name, place.account)
    account = Account(
        place.account, place.account, place.region, aspects={RECORDERS.name: recorders}
    )
    verdict = control("account_config_recording").rule.judge(account)
    if verdict.compliance is Compliance.COMPLIANT:
        yield Finding("recorder", OK, verdict.annotation)
        return
    region = f"--region {place.region}"
    own = next((each for each in recorders if not each.get("servicePrincipal")), None)
    if own is None:
        made = NEW_RECORDER.format(account=place.account, region=place.region)
        commands = (made, *_new_channel(place), f"{_START} default {region}")
        yield Finding("recorder", MISSING, verdict.annotation, commands)
        return
    name = shlex.quote(own["name"])
    mend = [*put_recorder(own, place.region)]
    if not own["recording"]:
        mend.append(f"{_START} {name} {region}")
    status = f"aws configservice describe-configuration-recorder-status {region}"
    yield Finding("recorder", MISSING, verdict.annotation, tuple(mend) or (status,))


def _new_channel(place: Place) -> tuple[str, ...]:
    return (NEW_CHANNEL.format(region=place.region),)


def channel(place: Place) -> Iterator[Finding]:
    config = _aws.client("config", None, None)
    channels = config.describe_delivery_channels()["DeliveryChannels"]
    if not channels:
        found = "AWS Config has no delivery channel, without which its recorder cannot be started."
        yield Finding("delivery channel", MISSING, found, _new_channel(place))
        return
    for each in config.describe_delivery_channel_status()["DeliveryChannelsStatus"]:
        kinds = ("configHistoryDeliveryInfo", "configSnapshotDeliveryInfo")
        failed = [each[kind] for kind in kinds if _failed(each.get(kind) or {})]
        if failed:
            why = failed[0].get("lastErrorMessage") or failed[0].get("lastErrorCode") or "unknown"
            found = f"Delivery channel {each['name']} fails to deliver: {why}."
            see = f"aws configservice describe-delivery-channel-status --region {place.region}"
            yield Finding("delivery channel", MISSING, found, (see,))
            return
    names = ", ".join(each["name"] for each in channels)
    yield Finding("delivery channel", OK, f"AWS Config delivers to {names}.")


def _failed(delivery: dict[str, Any]) -> bool:
    return str(delivery.get("lastStatus", "")).upper() == "FAILURE"


def trail(place: Place) -> Iterator[Finding]:
    """EventBridge gets S3's writes only where a trail here records management events."""
    trails = _account.read_fact(TRAILS.name, place.account)
    here = [e for e in trails if e.get("IsMultiRegionTrail") or e["HomeRegion"] == place.region]
    good = [each for each in here if each.get("IsLogging") and tells_of_writes(each)]
    if good:
        yield Finding("trail", OK, f"Trail {good[0]['Name']} tells of what is written.")
        return
    foreign = [each for each in here if owner(each) != place.account and "IsLogging" not in each]
    if foreign:
        found = f"Trail {foreign[0]['Name']} is the organization's, and is not ours to look into."
        yield Finding("trail", UNKNOWN, found)
        return
    if not here:
        made = tuple(each.format(region=place.region) for each in NEW_TRAIL)
        yield Finding("trail", MISSING, "There is no trail, so nobody is told who acted.", made)
        return
    mended = next((each for each in here if tells_of_writes(each)), here[0])
    arn, home = mended["TrailARN"], mended["HomeRegion"]
    mend = [] if tells_of_writes(mended) else [selecting(mended)]
    if not mended.get("IsLogging"):
        mend.append(f"aws cloudtrail start-logging --name {arn} --region {home}")
    found = f"Trail {mended['Name']} is off, or leaves out the management events that write."
    yield Finding("trail", MISSING, found, tuple(mend))
