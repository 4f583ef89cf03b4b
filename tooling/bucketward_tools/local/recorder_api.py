"""Start and stop AWS Config's recorder: what changes meanwhile is recorded when it starts again.

A stand-in. Source: the AWS Config API reference. What it records: `configuration_recorder`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .gateway import Call, Reply

if TYPE_CHECKING:
    from .account import LocalAccount

_SWITCHES = {"StartConfigurationRecorder": True, "StopConfigurationRecorder": False}


class RecorderApi:
    """Switches the recorder, and stands between it and the writes to S3."""

    def __init__(self, account: LocalAccount) -> None:
        self._account = account
        self._missed: list[Call] = []

    def wrote(self, call: Call) -> None:
        """Hear of a write that S3 accepted; the recorder does, if it is running."""
        if self._account.configuration_recorder.on:
            self._account.recorder.wrote(call)
        else:
            self._missed.append(call)

    def answer(self, call: Call) -> Reply | None:
        """Answer, or None for what does not switch it."""
        if call.operation not in _SWITCHES:
            return None
        recorder = self._account.configuration_recorder
        name = call.params["ConfigurationRecorderName"]
        if name != recorder.name:
            return Reply(
                status=400,
                code="NoSuchConfigurationRecorderException",
                message=f"Cannot find configuration recorder with the specified name '{name}'.",
            )
        recorder.on = _SWITCHES[call.operation]
        if recorder.on:
            missed, self._missed = self._missed, []
            for each in missed:
                self._account.recorder.wrote(each)
        return Reply({})
