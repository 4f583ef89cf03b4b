"""Put the earlier policy or statements back where that is safe, else cut out the public ones."""

from collections.abc import Iterator

from bucketward import Automatic, Bucket, Call, Known, Remediation, policy_revert
from bucketward.policy_cut import whole_statements
from bucketward.policy_faults import Faults, public
from bucketward.public_access import is_on


def plan(bucket: Bucket, known: Known) -> Iterator[Call]:
    yield from policy_revert.revert(bucket, known, _unrestricted, whole_statements)


def _unrestricted(bucket: Bucket) -> Faults:
    return Faults({}) if is_on(bucket, "RestrictPublicBuckets") else public(bucket)


remediation = Remediation(
    plan,
    calls=policy_revert.CALLS,
    reads=policy_revert.READS,
    earlier=True,
    automatic=Automatic.RECOMMENDED,
)
