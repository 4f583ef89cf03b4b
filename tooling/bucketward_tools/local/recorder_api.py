"""AWS Config's recorder as its API shows it, and what somebody does to it.

A stand-in. Source: the AWS Config API reference. There is one recorder, ``default``; what changes
while it is stopped is recorded when it starts again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .config import SERVICE
from .gateway import Call, Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from .account import LocalAccount

RECORDER = "default"


class RecorderApi:
    """Answers for the recorder, and stands between it and the writes to S3."""

    def __init__(self, account: LocalAccount) -> None:
        self._account = account
        self._missed: list[Call] = []
        self._switched: datetime | None = None
        self._exists = True
        self.recording = True
        self._operations: dict[str, Callable[[Mapping[str, Any]], Reply]] = {
            "DeleteConfigurationRecorder": self._delete_recorder,
            "DescribeConfigurationRecorders": self._recorders,
            "DescribeConfigurationRecorderStatus": self._recorder_status,
            "StartConfigurationRecorder": lambda params: self._switch(params, recording=True),
            "StopConfigurationRecorder": lambda params: self._switch(params, recording=False),
        }

    def answer(self, call: Call) -> Reply | None:
        """Answer, or None for what is not of the recorder."""
        operation = self._operations.get(call.operation)
        return operation(call.params) if operation else None

    def wrote(self, call: Call) -> None:
        """Hear of a write that S3 accepted; the recorder does, if it is running."""
        if self.recording:
            self._account.recorder.wrote(call)
        else:
            self._missed.append(call)

    def _recorders(self, params: Mapping[str, Any]) -> Reply:
        place = self._account.place
        role = f"role/aws-service-role/{SERVICE}/AWSServiceRoleForConfig"
        recorder = {
            "arn": place.arn("config", f"configuration-recorder/{RECORDER}/local"),
            "name": RECORDER,
            "roleARN": place.arn("iam", role),
            "recordingGroup": {
                "allSupported": True,
                "includeGlobalResourceTypes": True,
                "resourceTypes": [],
                "recordingStrategy": {"useOnly": "ALL_SUPPORTED_RESOURCE_TYPES"},
            },
            "recordingMode": {"recordingFrequency": "CONTINUOUS"},
            "recordingScope": "PAID",
        }
        found = [recorder] if self._exists else []
        return self._no_recorder(params) or Reply({"ConfigurationRecorders": found})

    def _recorder_status(self, params: Mapping[str, Any]) -> Reply:
        status: dict[str, Any] = {
            "name": RECORDER,
            "recording": self.recording,
            "lastStatus": "SUCCESS",
        }
        if self._switched is not None:
            when = "lastStartTime" if self.recording else "lastStopTime"
            status[when] = self._switched.timestamp()
        found = [status] if self._exists else []
        return self._no_recorder(params) or Reply({"ConfigurationRecordersStatus": found})

    def _switch(self, params: Mapping[str, Any], *, recording: bool) -> Reply:
        names = [params["ConfigurationRecorderName"]]
        if refused := self._no_recorder({"ConfigurationRecorderNames": names}):
            return refused
        self.recording, self._switched = recording, self._account.clock.now
        if recording:
            missed, self._missed = self._missed, []
            for call in missed:
                self._account.recorder.wrote(call)
        return Reply({})

    def _delete_recorder(self, params: Mapping[str, Any]) -> Reply:
        """Delete it: what was recorded stays, and nothing more is."""
        refused = self._switch(params, recording=False)
        self._exists = self._exists and bool(refused.code)
        return refused

    def _no_recorder(self, params: Mapping[str, Any]) -> Reply | None:
        names: Sequence[str] = params.get("ConfigurationRecorderNames", ())
        unknown = [name for name in names if name != RECORDER or not self._exists]
        if not unknown:
            return None
        return Reply(
            status=400,
            code="NoSuchConfigurationRecorderException",
            message=f"Cannot find configuration recorder with the specified name '{unknown[0]}'.",
        )
