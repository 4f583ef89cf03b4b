"""A stand-in for IAM Access Analyzer, which moto lacks: its analyzers, and what they are.

Source: IAM Access Analyzer API reference, CreateAnalyzer, DeleteAnalyzer and ListAnalyzers. An
analyzer is ACTIVE at once; nothing is analysed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import NotEmulated
from .gateway import Call, Reply
from .recorder import timestamp

if TYPE_CHECKING:
    from .account import LocalAccount


class AccessAnalyzer:
    def __init__(self, account: LocalAccount) -> None:
        self._account = account
        self._analyzers: dict[str, dict[str, Any]] = {}

    def answer(self, call: Call) -> Reply:
        name = str(call.params.get("analyzerName"))
        match call.operation:
            case "ListAnalyzers":
                return Reply({"analyzers": list(self._analyzers.values())})
            case "CreateAnalyzer":
                arn = self._account.place.arn("access-analyzer", f"analyzer/{name}")
                self._analyzers[name] = {
                    "arn": arn,
                    "name": name,
                    "type": call.params["type"],
                    "createdAt": timestamp(self._account.clock.now),
                    "status": "ACTIVE",
                }
                return Reply({"arn": arn})
            case "DeleteAnalyzer":
                self._analyzers.pop(name, None)
                return Reply({})
        raise NotEmulated(f"Access Analyzer's {call.operation} is not emulated.")
