"""Alerts that no single event raises: what Bucketward itself finds out while it works."""

from bucketward.changes.alert import Alert
from bucketward.changes.attack import DATA_DESTRUCTION, IMPAIR_DEFENSES
from bucketward.verdict import Severity

DENIED_BURST = Alert(
    id="denied-burst",
    title="Somebody probes what they may change",
    severity=Severity.MEDIUM,
    events=(),
    meaning="One principal was refused three or more changes of S3 settings within ten minutes.",
    response="Find out whose credentials these are; revoke them if nobody can say why.",
)
CHAIN = Alert(
    id="controls-disabled-chain",
    title="One principal took several safeguards off",
    severity=Severity.CRITICAL,
    events=(),
    meaning=(
        "Within 90 minutes one principal weakened two or more settings, which is how an attack "
        "on the data itself is prepared."
    ),
    response="Revoke the principal's sessions now, then look at what was read, copied or deleted.",
    attack=(IMPAIR_DEFENSES,),
)
TAMPERED = Alert(
    id="baseline-tampered",
    title="An approved configuration was tampered with",
    severity=Severity.CRITICAL,
    events=(),
    meaning=(
        "The signature of an approved document does not match it: somebody wrote to the table "
        "without the key. It is not restored."
    ),
    response=(
        "Look in CloudTrail's data events and the table's backups for who wrote the item, then "
        "approve the aspect again."
    ),
    attack=(IMPAIR_DEFENSES,),
)
WITHDRAWN = Alert(
    id="approval-withdrawn",
    title="An approval was withdrawn",
    severity=Severity.HIGH,
    events=(),
    meaning=(
        "Somebody else changed the setting before an authorised change of it was read, so nobody "
        "can tell what was authorised. The approved value before it counts again."
    ),
    response="Have the authorised change made once more.",
)
NOT_APPROVED = Alert(
    id="change-not-approved",
    title="An authorised change was overtaken by another",
    severity=Severity.HIGH,
    events=(),
    meaning=(
        "When the authorised change was to be read, somebody else had changed the setting again, "
        "or it had been put back before CloudTrail told of it. The baseline stays as it was."
    ),
    response="Have the authorised change made once more.",
)
REVERT_WAR = Alert(
    id="revert-war",
    title="Somebody keeps changing a bucket back",
    severity=Severity.HIGH,
    events=(),
    meaning=(
        "The same control reverted the same bucket so often within an hour that it stopped: a "
        "pipeline, or a person, puts the change in again each time."
    ),
    response=(
        "Agree with the other side: approve their value, exempt the bucket, or take their "
        "permission away. Then close the breaker, or wait an hour."
    ),
)
NOT_RESTORED = Alert(
    id="not-restored",
    title="A bucket could not be brought back",
    severity=Severity.HIGH,
    events=(),
    meaning=(
        "An aspect is not as approved, and S3, or the law never to leave a bucket weaker, forbids "
        "to restore it."
    ),
    response="Read the reason; put it right by hand, or approve the bucket as it is.",
)
NAME_TAKEN = Alert(
    id="bucket-name-taken",
    title="A deleted bucket's name is another account's now",
    severity=Severity.CRITICAL,
    events=(),
    meaning="Whoever still reads or writes by the name talks to a bucket of somebody else.",
    response="Take the name out of everything that uses it: DNS, policies, code, distributions.",
    attack=(DATA_DESTRUCTION,),
)
DRIFT_FOUND = Alert(
    id="drift-found",
    title="A bucket is not as approved",
    severity=Severity.HIGH,
    events=(),
    meaning="A look at every bucket found one that changed without an event that told of it.",
    response="Look in CloudTrail who changed it; approve it, or let it be restored.",
)
WATCHER_OFF = Alert(
    id="watcher-off",
    title="A part of Bucketward is missing or switched off",
    severity=Severity.CRITICAL,
    events=(),
    meaning="Something that hears of changes, judges or reverts them does not do so any more.",
    response="Find out who switched it off, and deploy the stack again.",
    attack=(IMPAIR_DEFENSES,),
)

NOTICES: dict[str, Alert] = {
    alert.id: alert
    for alert in (
        DENIED_BURST,
        CHAIN,
        TAMPERED,
        WITHDRAWN,
        NOT_APPROVED,
        REVERT_WAR,
        NOT_RESTORED,
        NAME_TAKEN,
        DRIFT_FOUND,
        WATCHER_OFF,
    )
}
