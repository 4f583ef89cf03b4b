"""Where moto's CloudTrail, SNS, STS and Macie are not AWS's: small corrections, one reason each.

- CloudTrail: moto keeps a trail's basic selectors beside its advanced ones and tells none of a
  new trail, where CloudTrail has one of all management events. In CloudTrail either kind takes
  the other's place. Source: CloudTrail API reference, PutEventSelectors and GetEventSelectors.
- SNS: moto takes an e-mail subscription for confirmed. In SNS it is pending until the receiver
  says yes, and has no ARN before. Source: SNS API reference, Subscribe.
- STS: moto tells everybody that he is its own user; who calls here is the account's to say.
- Macie: moto says ResourceNotFoundException where Macie was never enabled; AWS says
  AccessDeniedException, "Macie is not enabled".
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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
        self.confirmed: set[str] = set()
        """Addresses whose owners said yes to being told."""

    def answered(self, call: Call, parsed: dict[str, Any]) -> None:
        """Put right what a reply of moto says."""
        match call.service, call.operation:
            case "macie2", "GetMacieSession" if _code(parsed) == "ResourceNotFoundException":
                said = {"Code": "AccessDeniedException", "Message": "Macie is not enabled"}
                parsed["Error"] = said
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


def _code(parsed: dict[str, Any]) -> str | None:
    code: str | None = parsed.get("Error", {}).get("Code")
    return code
