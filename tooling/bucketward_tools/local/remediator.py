"""AWS Config's remediation: starts the document of a rule, and counts the attempts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bucketward.verdict import Compliance

from .errors import NotEmulated, TemplateError
from .events import RemediationEnded, RemediationGivenUp, RemediationStarted
from .wiring import found

if TYPE_CHECKING:
    from .account import LocalAccount
    from .automation import Execution
    from .wiring import RemediationConfiguration

DELAY = 15
"""Virtual seconds from a verdict to the start of its remediation."""

Key = tuple[str, str]


class Remediator:
    """Remediates a bucket that a rule found non-compliant, until the breaker trips."""

    def __init__(self, account: LocalAccount) -> None:
        self._account = account
        self._pending: set[Key] = set()
        self._attempts: dict[Key, list[datetime]] = {}
        self.exceptions: set[Key] = set()
        """Buckets that AWS Config leaves alone, by rule, since its attempts were used up."""
        self.executions: dict[str, Execution] = {}

    def found(self, rule: str, bucket: str) -> None:
        """Hear of a verdict NON_COMPLIANT.

        The remediation starts even where the bucket is compliant again by then, as AWS warns.
        """
        configuration = self._account.wiring.remediations.get(rule)
        key = (rule, bucket)
        if configuration is None or not configuration.automatic:
            return
        if key in self._pending or key in self.exceptions:
            return
        if "AutomationAssumeRole" not in configuration.parameters:
            raise TemplateError(f"The remediation of {rule} is automatic without a role.")
        attempts = len(self._recent(configuration, key))
        if attempts >= configuration.attempts:
            # The API reference: "if MaximumAutomaticAttempts remediation attempts have been made
            # under RetryAttemptSeconds, a remediation exception will be added to the resource".
            self.exceptions.add(key)
            self._account.happened(
                RemediationGivenUp(self._account.clock.now, rule, bucket, attempts)
            )
            return
        self._pending.add(key)
        self._account.clock.later(DELAY, lambda: self._attempt(configuration, bucket))

    def start(self, rule: str, bucket: str) -> None:
        """Start by hand, which counts for nothing: StartRemediationExecution."""
        configuration = self._account.wiring.remediations.get(rule)
        if configuration is None:
            raise TemplateError(f"Rule {rule} has no remediation in the template.")
        self._account.clock.later(DELAY, lambda: self._by_hand(configuration, bucket))

    def _attempt(self, configuration: RemediationConfiguration, bucket: str) -> None:
        key = (configuration.rule, bucket)
        self._attempts.setdefault(key, []).append(self._account.clock.now)
        attempt = len(self._recent(configuration, key))
        succeeded = self._run(configuration, bucket, attempt, by_hand=False)
        self._pending.discard(key)
        if not succeeded and self._still_wrong(key):
            self.found(*key)

    def _by_hand(self, configuration: RemediationConfiguration, bucket: str) -> None:
        self._run(configuration, bucket, 1, by_hand=True)

    def _recent(self, configuration: RemediationConfiguration, key: Key) -> list[datetime]:
        since = self._account.clock.now - timedelta(seconds=configuration.window)
        return [each for each in self._attempts.get(key, ()) if each > since]

    def _still_wrong(self, key: Key) -> bool:
        evaluation = self._account.config.evaluations.get(key)
        return evaluation is not None and evaluation.compliance == Compliance.NON_COMPLIANT

    def _run(
        self, configuration: RemediationConfiguration, bucket: str, attempt: int, *, by_hand: bool
    ) -> bool:
        account, rule = self._account, configuration.rule
        content = found(account.wiring.documents, configuration.document, "document")
        execution_id = account.identifier("execution")
        account.happened(
            RemediationStarted(
                account.clock.now,
                rule,
                bucket,
                configuration.document,
                execution_id,
                attempt,
                automatic=not by_hand,
            )
        )
        parameters = {
            name: _value(given, bucket) for name, given in configuration.parameters.items()
        }
        execution = account.automation.run(
            execution_id, configuration.document, content, parameters
        )
        self.executions[execution_id] = execution
        account.happened(
            RemediationEnded(
                account.clock.now,
                rule,
                bucket,
                execution_id,
                execution.status,
                execution.outputs,
                execution.failure,
            )
        )
        return execution.status == "Success"


def _value(given: dict[str, Any], bucket: str) -> str:
    if "ResourceValue" in given:
        if given["ResourceValue"]["Value"] != "RESOURCE_ID":
            raise NotEmulated(f"AWS Config knows no resource value {given['ResourceValue']}.")
        return bucket
    values = given["StaticValue"]["Values"]
    if len(values) != 1:
        raise NotEmulated("A remediation's parameter has several values.")
    return str(values[0])
