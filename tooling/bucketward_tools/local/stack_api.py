"""CloudFormation's API, as far as functions and operators ask what their own stack is made of.

A stand-in: moto does not know of the deployment. Source: the CloudFormation API reference,
DescribeStacks and ListStackResources.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import NotEmulated
from .gateway import Call, Reply

if TYPE_CHECKING:
    from .account import LocalAccount

_PAGE = 100
_OPERATIONS = {"DescribeStacks", "ListStackResources"}


class StackApi:
    """Answers for the one stack that is deployed."""

    def __init__(self, account: LocalAccount) -> None:
        self._account = account

    def answer(self, call: Call) -> Reply:
        if call.operation not in _OPERATIONS or "StackName" not in call.params:
            raise NotEmulated(f"CloudFormation's {call.operation} is not emulated.")
        place, name = self._account.place, call.params["StackName"]
        known = {place.pseudo_parameters["AWS::StackId"], place.stack}
        if name not in known or call.region != place.region:
            message = f"Stack with id {name} does not exist"
            return Reply(status=400, code="ValidationError", message=message)
        if call.operation == "DescribeStacks":
            return self._described()
        return self._resources(int(call.params.get("NextToken") or 0))

    def _described(self) -> Reply:
        stack, place = self._account.wiring.stack, self._account.place
        parameters = [
            {"ParameterKey": key, "ParameterValue": value}
            for key, value in stack.parameter_texts().items()
        ]
        described = {
            "StackId": place.pseudo_parameters["AWS::StackId"],
            "StackName": place.stack,
            "StackStatus": "CREATE_COMPLETE",
            "CreationTime": self._account.clock.now.isoformat(),
            "Parameters": parameters,
            "Outputs": [
                {"OutputKey": key, "OutputValue": each["Value"]}
                for key, each in stack.template["Outputs"].items()
                if isinstance(each["Value"], str)  # not what refers to a resource
            ],
        }
        return Reply({"Stacks": [described]})

    def _resources(self, start: int) -> Reply:
        stack = self._account.wiring.stack
        found = [
            {
                "LogicalResourceId": logical_id,
                "PhysicalResourceId": self._physical(logical_id, kind),
                "ResourceType": kind,
                "ResourceStatus": "CREATE_COMPLETE",
                "LastUpdatedTimestamp": self._account.clock.now.isoformat(),
            }
            for logical_id, kind in stack.resources()
        ]
        answer: dict[str, object] = {"StackResourceSummaries": found[start : start + _PAGE]}
        if start + _PAGE < len(found):
            answer["NextToken"] = str(start + _PAGE)
        return Reply(answer)

    def _physical(self, logical_id: str, kind: str) -> str:
        stack = self._account.wiring.stack
        if kind == "AWS::Events::Rule":
            # CloudFormation's id of a rule on a bus of its own is bus|rule.
            path = stack.attribute(logical_id, "Arn").partition(":rule/")[2]
            return path.replace("/", "|")
        return stack.reference(logical_id)
