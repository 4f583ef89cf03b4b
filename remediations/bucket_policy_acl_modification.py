"""Put the earlier policy or statements back where that is safe, else cut out what offends.

What is cut out is the actions, else the foreign principals, else the statement.
"""

from collections.abc import Iterator

from bucketward import Automatic, Bucket, Call, Known, Remediation, policy_revert
from bucketward.policy_cut import takeover_actions
from bucketward.policy_faults import takeover


def plan(bucket: Bucket, known: Known) -> Iterator[Call]:
    yield from policy_revert.revert(bucket, known, takeover, takeover_actions)


remediation = Remediation(
    plan,
    calls=policy_revert.CALLS,
    reads=policy_revert.READS,
    earlier=True,
    automatic=Automatic.RECOMMENDED,
)
