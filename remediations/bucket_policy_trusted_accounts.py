"""Put the earlier policy or statements back where that is safe, else take out the strangers."""

from collections.abc import Iterator
from dataclasses import dataclass

from bucketward import Automatic, Bucket, Call, Known, Remediation, policy_revert
from bucketward.policy_cut import foreign_principals
from bucketward.policy_faults import Trust, strangers


@dataclass(frozen=True, slots=True)
class Parameters:
    trusted_accounts: tuple[str, ...] = ()
    trusted_organizations: tuple[str, ...] = ()
    trusted_networks: tuple[str, ...] = ()


def plan(bucket: Bucket, known: Known) -> Iterator[Call]:
    given: Parameters = known.parameters
    trust = Trust(given.trusted_accounts, given.trusted_organizations, given.trusted_networks)
    yield from policy_revert.revert(
        bucket,
        known,
        lambda bucket: strangers(bucket, trust),
        lambda bucket, faults: foreign_principals(bucket, faults, trust.accounts),
    )


remediation = Remediation(
    plan,
    calls=policy_revert.CALLS,
    reads=policy_revert.READS,
    earlier=True,
    automatic=Automatic.ALL,
    parameters=Parameters,
)
