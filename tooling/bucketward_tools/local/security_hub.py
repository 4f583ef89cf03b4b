"""Security Hub: moto keeps the findings, and does not know BatchUpdateFindings.

A stand-in. Source: the Security Hub API reference: BatchImportFindings is refused where Security
Hub is not on, and leaves alone what is the customer's, such as the workflow; BatchUpdateFindings
writes that, and says which findings it does not know.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.securityhub.models import securityhub_backends

from .errors import NotEmulated
from .gateway import Call, Reply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .account import LocalAccount

_CUSTOMERS = {"Note", "UserDefinedFields", "VerificationState", "Workflow"}
_OFF = Reply(
    status=403, code="InvalidAccessException", message="Account is not subscribed to Security Hub."
)


class SecurityHub:
    """Answers what moto does not; None leaves it to moto."""

    def __init__(self, account: LocalAccount) -> None:
        self._account = account

    def answer(self, call: Call) -> Reply | None:
        backend = self._backend
        if call.operation == "EnableSecurityHub":
            return None
        if not backend.enabled:
            return _OFF
        if call.operation == "BatchUpdateFindings":
            return self._update(call.params)
        if call.operation == "BatchImportFindings":
            for finding in call.params["Findings"]:
                if written := _CUSTOMERS & finding.keys():
                    raise NotEmulated(f"BatchImportFindings writes {', '.join(sorted(written))}.")
        return None

    @property
    def _backend(self) -> Any:  # noqa: ANN401 - moto's
        place = self._account.place
        return securityhub_backends[place.account][place.region]

    def _update(self, params: Mapping[str, Any]) -> Reply:
        known = {each.id: each.data for each in self._backend.findings}
        found, missing = [], []
        for each in params["FindingIdentifiers"]:
            finding = known.get(each["Id"])
            if finding is None or finding["ProductArn"] != each["ProductArn"]:
                unknown = {"ErrorCode": "FindingNotFound", "ErrorMessage": "Finding Not Found"}
                missing.append({"FindingIdentifier": each, **unknown})
                continue
            finding |= {name: params[name] for name in _CUSTOMERS if name in params}
            found.append(each)
        return Reply({"ProcessedFindings": found, "UnprocessedFindings": missing})
