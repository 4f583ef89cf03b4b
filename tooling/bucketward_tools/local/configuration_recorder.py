"""A stand-in for AWS Config's recorder as a setting: what it records, and whether it is on.

moto's recorder keeps neither strategy nor recording mode and cannot be left without a delivery
channel. Source: AWS Config API reference, PutConfigurationRecorder and its neighbours. The
account begins with one that records everything. What a recorder leaves out makes no
configuration item here either; ``DAILY`` is taken for continuous.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from .gateway import Call, Reply

_EVERYTHING: dict[str, Any] = {
    "name": "default",
    "recordingGroup": {
        "allSupported": True,
        "includeGlobalResourceTypes": True,
        "resourceTypes": [],
        "exclusionByResourceTypes": {"resourceTypes": []},
        "recordingStrategy": {"useOnly": "ALL_SUPPORTED_RESOURCE_TYPES"},
    },
    "recordingMode": {"recordingFrequency": "CONTINUOUS", "recordingModeOverrides": []},
}


class ConfigurationRecorder:
    def __init__(self) -> None:
        self._recorder: dict[str, Any] | None = deepcopy(_EVERYTHING)
        self.on = True
        self.last_status = "SUCCESS"
        """How the last delivery ended, which a test may set."""
        self.channels: list[dict[str, Any]] = [{"name": "default", "s3BucketName": "of-aws-config"}]

    @property
    def name(self) -> str | None:
        return self._recorder["name"] if self._recorder else None

    def records(self, kind: str) -> bool:
        """Whether a change of such a resource makes a configuration item."""
        if self._recorder is None or not self.on:
            return False
        group = self._recorder["recordingGroup"]
        strategy = group.get("recordingStrategy", {}).get("useOnly")
        if strategy == "EXCLUSION_BY_RESOURCE_TYPES":
            return kind not in group["exclusionByResourceTypes"]["resourceTypes"]
        return group.get("allSupported", False) or kind in group.get("resourceTypes", ())

    def answer(self, call: Call) -> Reply | None:
        """Answer the operations on the recorder; None for any other."""
        match call.operation:
            case "PutConfigurationRecorder":
                self._recorder = deepcopy(call.params["ConfigurationRecorder"])
                self._recorder.setdefault("name", "default")
            case "DeleteConfigurationRecorder":
                self._recorder, self.on = None, False
            case "DescribeConfigurationRecorders":
                return Reply({"ConfigurationRecorders": self._each(self._recorder or {})})
            case "DescribeConfigurationRecorderStatus":
                name = (self._recorder or {}).get("name")
                status = {"name": name, "recording": self.on, "lastStatus": self.last_status}
                return Reply({"ConfigurationRecordersStatus": self._each(status)})
            case "DescribeDeliveryChannels":
                return Reply({"DeliveryChannels": self.channels})
            case "DescribeDeliveryChannelStatus":
                delivered = {"configHistoryDeliveryInfo": {"lastStatus": self.last_status}}
                told = [{"name": each["name"], **delivered} for each in self.channels]
                return Reply({"DeliveryChannelsStatus": told})
            case _:
                return None
        return Reply({})

    def _each(self, document: dict[str, Any]) -> list[dict[str, Any]]:
        return [document] if self._recorder is not None else []
