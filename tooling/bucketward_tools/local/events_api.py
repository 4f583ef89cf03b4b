"""EventBridge's API: what a template's rules look like, and what somebody does to them.

A stand-in: moto knows nothing of the template. Source: the EventBridge API reference; *Calculating
PutEvents event entry size* for the limit. No rule is created.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from .bus import DEFAULT
from .errors import NotEmulated
from .gateway import Call, Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .account import LocalAccount
    from .wiring_sources import EventRule

_ENTRIES, _BYTES, _TIME = 10, 256 * 1024, 14
_MISSING = Reply(status=400, code="ResourceNotFoundException", message="It does not exist.")


class EventsApi:
    """Answers for the rules and buses of the template."""

    def __init__(self, account: LocalAccount) -> None:
        self._account = account
        self._rule_operations: dict[
            str, Callable[[EventRule, Mapping[str, Any]], dict[str, Any]]
        ] = {
            "DescribeRule": self._describe,
            "ListTargetsByRule": lambda rule, _: {"Targets": [dict(t) for t in rule.targets]},
            "EnableRule": lambda rule, _: self._set(replace(rule, state="ENABLED")),
            "DisableRule": lambda rule, _: self._set(replace(rule, state="DISABLED")),
            "PutRule": self._put_rule,
            "PutTargets": self._put_targets,
            "RemoveTargets": self._remove_targets,
        }

    def answer(self, call: Call) -> Reply:
        params, bus = call.params, self._account.bus
        match call.operation:
            case "PutEvents":
                return self._put(params["Entries"])
            case "ListRules":
                name, prefix = _bus_name(params), params.get("NamePrefix", "")
                found = [r for r in bus.rules.values() if r.bus == name]
                rules = [self._describe(r, {}) for r in found if r.name.startswith(prefix)]
                return Reply({"Rules": rules})
            case "DescribeEventBus":
                name = str(params.get("Name", DEFAULT)).rpartition("/")[2]
                arn = self._account.wiring.buses.get(name)
                return Reply({"Name": name, "Arn": arn}) if arn else _MISSING
        return self._on_rule(call)

    def _on_rule(self, call: Call) -> Reply:
        """Answer an operation on one rule."""
        params, rules = call.params, self._account.bus.rules
        if call.operation not in {*self._rule_operations, "DeleteRule"}:
            raise NotEmulated(f"EventBridge's {call.operation} is not emulated.")
        key = (_bus_name(params), str(params.get("Name") or params.get("Rule")))
        rule = rules.get(key)
        if call.operation == "DeleteRule":
            if rule is not None and rule.targets:
                message = "Rule can't be deleted since it has targets."
                return Reply(status=400, code="ValidationException", message=message)
            rules.pop(key, None)
            return Reply({})
        return Reply(self._rule_operations[call.operation](rule, params)) if rule else _MISSING

    def _describe(self, rule: EventRule, _: Mapping[str, Any]) -> dict[str, Any]:
        found = {"Name": rule.name, "Arn": rule.arn, "State": rule.state, "EventBusName": rule.bus}
        if rule.pattern is not None:
            found["EventPattern"] = json.dumps(rule.pattern)
        if rule.schedule is not None:
            found["ScheduleExpression"] = rule.schedule
        return found

    def _set(self, rule: EventRule) -> dict[str, Any]:
        self._account.bus.rules[rule.bus, rule.name] = rule
        return {}

    def _put_rule(self, rule: EventRule, params: Mapping[str, Any]) -> dict[str, Any]:
        """Replace a rule: what the request leaves out is not kept."""
        pattern = params.get("EventPattern")
        self._set(
            replace(
                rule,
                pattern=json.loads(pattern) if pattern else None,
                schedule=params.get("ScheduleExpression"),
                state=params.get("State", "ENABLED"),
            )
        )
        return {"RuleArn": rule.arn}

    def _put_targets(self, rule: EventRule, params: Mapping[str, Any]) -> dict[str, Any]:
        given = {each["Id"]: each for each in params["Targets"]}
        kept = [each for each in rule.targets if each["Id"] not in given]
        self._set(replace(rule, targets=(*kept, *given.values())))
        return {"FailedEntryCount": 0, "FailedEntries": []}

    def _remove_targets(self, rule: EventRule, params: Mapping[str, Any]) -> dict[str, Any]:
        kept = tuple(each for each in rule.targets if each["Id"] not in params["Ids"])
        self._set(replace(rule, targets=kept))
        return {"FailedEntryCount": 0, "FailedEntries": []}

    def _put(self, entries: list[Mapping[str, Any]]) -> Reply:
        size = sum(map(_size, entries))
        if len(entries) > _ENTRIES or size > _BYTES:
            message = f"{len(entries)} entries of {size} bytes; allowed are {_ENTRIES}, {_BYTES}."
            return Reply(status=400, code="ValidationException", message=message)
        results = [self._put_one(entry) for entry in entries]
        failed = sum("ErrorCode" in result for result in results)
        return Reply({"FailedEntryCount": failed, "Entries": results})

    def _put_one(self, entry: Mapping[str, Any]) -> dict[str, str]:
        bus = _bus_name(entry)
        if bus not in self._account.wiring.buses:
            raise NotEmulated(f"An event goes to bus {bus}, which the template does not hold.")
        missing = [each for each in ("Source", "DetailType", "Detail") if not entry.get(each)]
        if missing:
            return {
                "ErrorCode": "InvalidArgument",
                "ErrorMessage": f"Parameter {missing[0]} is not valid. Reason: {missing[0]} is a "
                "required argument.",
            }
        if entry["Source"].startswith("aws."):
            return {
                "ErrorCode": "NotAuthorizedForSourceException",
                "ErrorMessage": "Not authorized for the source.",
            }
        try:
            detail = json.loads(entry["Detail"])
        except ValueError:
            detail = None
        if not isinstance(detail, dict):
            return {"ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed."}
        account, resources = self._account, list(entry.get("Resources", ()))
        # The targets get it later; the caller only learns that it was taken.
        put = partial(account.bus.put, entry["Source"], entry["DetailType"], detail, resources)
        account.clock.later(0, partial(put, bus=bus))
        return {"EventId": account.identifier("entry")}


def _bus_name(params: Mapping[str, Any]) -> str:
    return str(params.get("EventBusName") or DEFAULT).rpartition("/")[2]


def _size(entry: Mapping[str, Any]) -> int:
    texts = [entry.get(each) or "" for each in ("Source", "DetailType", "Detail")]
    size = sum(len(text.encode()) for text in [*texts, *entry.get("Resources", ())])
    return size + (_TIME if "Time" in entry else 0)
