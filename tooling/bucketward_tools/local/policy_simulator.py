"""IAM's policy simulator: what the caller's own policies allow.

A stand-in, as moto has none. Source: the IAM API reference, SimulatePrincipalPolicy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import authorisation
from .errors import NotEmulated
from .gateway import Call, Reply
from .iam import Request

if TYPE_CHECKING:
    from .account import LocalAccount


class PolicySimulator:
    """Answers for whoever asks about himself."""

    def __init__(self, account: LocalAccount) -> None:
        self._account = account

    def answer(self, call: Call) -> Reply | None:
        """Answer, or None for what moto answers."""
        if call.operation != "SimulatePrincipalPolicy":
            return None
        role, params = call.principal.role, call.params
        if params["PolicySourceArn"] != call.principal.arn:
            raise NotEmulated("SimulatePrincipalPolicy about somebody else.")
        context = authorisation.context(self._account.place)
        results = []
        for action in params["ActionNames"]:
            if "*" in action:
                return Reply(status=400, code="InvalidInput", message=f"Invalid action {action}")
            for resource in params.get("ResourceArns", ["*"]):
                allowed = role is None or role.allows(Request(action, resource, context))
                results.append(
                    {
                        "EvalActionName": action,
                        "EvalResourceName": resource,
                        "EvalDecision": "allowed" if allowed else "implicitDeny",
                    }
                )
        return Reply({"EvaluationResults": results, "IsTruncated": "false"})
