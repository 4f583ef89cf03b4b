"""Where moto's services are not AWS's: small corrections.

- CloudTrail: moto keeps a trail's basic selectors beside its advanced ones and tells none of a
  new trail, where CloudTrail has one of all management events. In CloudTrail either kind takes
  the other's place. Source: CloudTrail API reference, PutEventSelectors and GetEventSelectors.
- SNS: moto takes an e-mail subscription for confirmed. In SNS it is pending until the receiver
  says yes, and has no ARN before. Source: SNS API reference, Subscribe.
- S3: moto refuses every call for objects that a Deny names, whatever its condition: under the
  usual Deny of plain HTTP nobody could store an object.
- STS: moto tells everybody that he is its own user; who calls here is the account's to say.
- Macie: in moto it is on from the start, and says ResourceNotFoundException where it is off; in
  AWS it is off, and says AccessDeniedException, "Macie is not enabled".
"""

from __future__ import annotations

from contextlib import contextmanager
from copy import deepcopy
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket

from .gateway import Reply

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .gateway import Call

_MANAGEMENT = {
    "ReadWriteType": "All",
    "IncludeManagementEvents": True,
    "DataResources": [],
    "ExcludeManagementEventSources": [],
}
_BY_PERSON = {"email", "email-json", "sms"}
_PENDING = "PendingConfirmation"


class Corrections:
    """What moto does not keep: the trails' selectors, and which subscriptions are confirmed."""

    def __init__(self) -> None:
        self._selectors: dict[str, dict[str, Any]] = {}
        self._macie = False
        self.confirmed: set[str] = set()
        """Addresses whose owners said yes to being told."""

    def answer(self, call: Call) -> Reply | None:
        """Return what AWS says instead of moto, or None."""
        if call.operation == "GetMacieSession" and not self._macie:
            return Reply(status=403, code="AccessDeniedException", message="Macie is not enabled")
        return None

    def answered(self, call: Call, parsed: dict[str, Any]) -> None:
        """Put right what a reply of moto says."""
        match call.service, call.operation:
            case "macie2", "EnableMacie" | "DisableMacie":
                self._macie = call.operation.startswith("Enable")
            case "cloudtrail", "PutEventSelectors" if "Error" not in parsed:
                names = ("EventSelectors", "AdvancedEventSelectors")
                given = {name: deepcopy(call.params.get(name, [])) for name in names}
                self._selectors[parsed["TrailARN"]] = given
            case "cloudtrail", "GetEventSelectors" if "Error" not in parsed:
                plain = {"EventSelectors": [_MANAGEMENT], "AdvancedEventSelectors": []}
                parsed.update(deepcopy(self._selectors.get(parsed["TrailARN"], plain)))
            case "sts", "GetCallerIdentity" if call.principal.actor:
                actor = call.principal.actor
                who = actor.identity(str(actor.account), since="")
                parsed |= {"Arn": who["arn"], "UserId": who["principalId"]}
                parsed["Account"] = who["accountId"]
            case "sns", "ListSubscriptions":
                for each in parsed.get("Subscriptions", ()):
                    if each["Protocol"] in _BY_PERSON and each["Endpoint"] not in self.confirmed:
                        each["SubscriptionArn"] = _PENDING


@contextmanager
def policies_without_denials() -> Iterator[None]:
    """Let moto's buckets take no Deny for a refusal."""
    judged = FakeBucket.get_permission

    def permission(bucket: FakeBucket, action: str, resource: str) -> Any:  # noqa: ANN401 - moto's
        found = judged(bucket, action, resource)
        return PermissionResult.NEUTRAL if found == PermissionResult.DENIED else found

    with patch.object(FakeBucket, "get_permission", permission):
        yield
