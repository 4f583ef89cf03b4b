"""Alerts on objects, in the buckets that the stack is told to watch; see also ``acl``."""

from bucketward.changes.alert import Alert
from bucketward.changes.attack import REMOTE_DATA_STAGING, STAGE_CAPABILITIES
from bucketward.verdict import Severity

UNEXPECTED_TYPE = Alert(
    id="object-type-unexpected",
    title="Object of an unexpected type uploaded",
    severity=Severity.MEDIUM,
    events=(),
    meaning=(
        "A bucket with a stated list of file types got an object of another one: something that "
        "others may run or open, or data that does not belong there."
    ),
    response="Find out who uploaded it; move it away before somebody uses it, or extend the list.",
    attack=(STAGE_CAPABILITIES, REMOTE_DATA_STAGING),
)

OBJECTS: dict[str, Alert] = {UNEXPECTED_TYPE.id: UNEXPECTED_TYPE}
