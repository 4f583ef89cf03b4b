"""Put the earlier policy back, or the earlier form of the statements; cut out nothing."""

from collections.abc import Iterator

from bucketward import POLICY, Automatic, Bucket, Call, Known, Remediation, policy_revert
from bucketward.policy_faults import unlimited


def plan(bucket: Bucket, known: Known) -> Iterator[Call]:
    yield from policy_revert.revert(bucket, known, unlimited)


remediation = Remediation(
    plan,
    calls=(POLICY.put,),
    reads=policy_revert.READS,
    earlier=True,
    automatic=Automatic.NEVER,
)
