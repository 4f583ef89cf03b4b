"""Tell a scenario: who did what, what was noticed, what was put back and by which way."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bucketward_tools.local import events

from .scenario import Ending

if TYPE_CHECKING:
    from datetime import datetime

    from bucketward_tools.local import LocalAccount

    from .scenario import Scenario
    from .transcript import Transcript

_COLOURS = {"critical": "red", "high": "red", "medium": "yellow", "low": "dim"}
_OWN = "RemediationFunction"
_DATA = {"DeleteObjects", "PutObject", "CreateJob"}


@dataclass
class Report:
    """What happened in one scenario, as it is printed."""

    transcript: Transcript
    account: LocalAccount
    scenario: Scenario
    _start: tuple[datetime, str] | None = None
    _calls: list[events.ApiCall] = field(default_factory=list)
    _reason: str = ""
    _alerts: int = 0
    began: datetime | None = None
    ended: datetime | None = None

    def tell(self, happened: list[events.Event]) -> None:
        for event in happened:
            match event:
                case events.ApiCall(actor=actor) if actor.endswith(_OWN):
                    self._calls.append(event)
                case events.ApiCall():
                    self._call(event)
                case events.Evaluated():
                    self._verdict(event)
                case events.RemediationStarted(rule=rule, time=time):
                    self._start = time, f"AWS Config starts the runbook of {self._stem(rule)}"
                case events.AutomationStarted(parameters=given, time=time):
                    stem = self._control(given["FunctionName"])
                    self._start = time, f"the change monitor starts the runbook of {stem}"
                case events.Invoked(trigger="ssm.amazonaws.com"):
                    self._ran(event)
                case events.Emitted(detail_type="Bucketward Alert", detail=detail):
                    self._alert(event.time, detail)
        self._end()

    def _call(self, event: events.ApiCall) -> None:
        writes = event.operation.startswith(("Put", "Delete", "Create"))
        if event.service not in {"s3", "s3control"} or not (writes or event.operation in _DATA):
            return
        self.began = self.began or event.time
        on = event.bucket or "the account"
        refused = f": {event.error}" if event.error else ""
        self.transcript.line(event.time, "CALL", f"{event.operation} on {on}{refused}")
        self.transcript.by(event.actor)

    def _verdict(self, event: events.Evaluated) -> None:
        """Print those verdicts that AWS Config acts on."""
        configured = self.account.wiring.remediations.get(event.rule)
        if event.compliance == "NON_COMPLIANT" and configured and configured.automatic:
            self.transcript.line(
                event.time, "VERDICT", f"NON_COMPLIANT for {self._stem(event.rule)}", style="red"
            )
            self.transcript.more(event.annotation)

    def _ran(self, event: events.Invoked) -> None:
        """Print a run of a remediation, unless there was nothing left for it to do."""
        calls, self._calls = self._calls, []
        result = event.result or {}
        written = [each for each in calls if each.operation.startswith(("Put", "Delete", "Create"))]
        written = [each for each in written if each.service in {"s3", "s3control"}]
        if not (written or event.error):
            return
        if self._start:
            self.transcript.line(self._start[0], "RUNBOOK", self._start[1])
        if written:
            names = list(dict.fromkeys(each.operation for each in written))
            self.transcript.line(written[0].time, "CALL", names[0])
            for name in names[1:]:
                self.transcript.more(name)
            self.transcript.more(f"on {written[0].bucket or 'the account'}")
            self.transcript.by(written[0].actor)
        if event.error:
            self.transcript.line(event.time, "FAILED", event.error, style="red")
            return
        self.ended = event.time
        self.transcript.reverted(event.time, result)

    def _alert(self, time: datetime, detail: Any) -> None:  # noqa: ANN401 - JSON
        severity = str(detail["severity"])
        if severity == "low" and detail["id"] not in {each.id for each in self.scenario.alerts}:
            return  # that something was written at all
        label = f"{severity.upper()} {detail['id']}"
        self._alerts += 1
        self.transcript.line(time, "ALERT", label, style=_COLOURS.get(severity, ""))
        self.transcript.more(f"{detail['title']}.")
        if detail["reason"] != self._reason:
            self._reason = detail["reason"]
            self.transcript.more(self._reason, style="dim")

    def _end(self) -> None:
        scenario, last = self.scenario, self.account.clock.now
        if self.began is None:
            return
        self.transcript.line(last, "END", scenario.ending.value)
        if scenario.ending is Ending.REVERTED and self.ended:
            seconds = (self.ended - self.began).total_seconds()
            self.transcript.more(f"since {seconds:.0f} seconds after the first call")
        if not self._alerts:
            self.transcript.more("without an alert")
        if scenario.lost:
            self.transcript.more(f"Not recoverable: {scenario.lost}", style="dim")

    def _stem(self, rule: str) -> str:
        function = self.account.wiring.function(self.account.wiring.rules[rule].function_arn)
        return function.module.stem if function else rule

    def _control(self, function: str) -> str:
        found = self.account.wiring.function(function)
        return found.module.stem if found else json.dumps(function)
