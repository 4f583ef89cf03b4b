"""Add the statements that deny plaintext and older TLS; keep every other statement."""

from collections.abc import Iterator
from dataclasses import dataclass

from bucketward import POLICY, Automatic, Bucket, Call, Known, Refused, Remediation, policy_revert
from bucketward.policy import PolicyEditError, deny_plaintext, deny_tls_below, with_statement
from bucketward.secure_transport import fault


@dataclass(frozen=True, slots=True)
class Parameters:
    minimum_tls_version: str = ""


def plan(bucket: Bucket, known: Known) -> Iterator[Call]:
    version = known.parameters.minimum_tls_version
    if not fault(bucket, version):
        return
    text: str | None = bucket[POLICY]
    try:
        if fault(bucket, ""):
            text = with_statement(text, deny_plaintext(bucket.arn))
        if version and fault(bucket.replacing(POLICY, text), version):
            text = with_statement(text, deny_tls_below(bucket.arn, version))
    except PolicyEditError as error:
        raise Refused(f"Bucket {bucket.name}: {error} Change the policy by hand.") from error
    yield policy_revert.store(bucket, text or "")


remediation = Remediation(
    plan,
    calls=(POLICY.put,),
    reads=policy_revert.READS,
    automatic=Automatic.ALL,
    parameters=Parameters,
)
