"""What Bucketward raises.

::

    BucketwardError
     ├─ BadInput             an event, parameter or document is malformed; retrying won't help
     ├─ Unknown              an aspect was not read, so nothing can be said of it
     ├─ BucketNotFound       the bucket does not exist (any more)
     ├─ AccessPointNotFound  the access point does not exist (any more)
     ├─ Tampered             what is stored as approved has no valid signature; never restore it
     ├─ Conflict             somebody else wrote the same entry meanwhile; read it and try again
     ├─ EvaluationLost       a verdict could not be computed or reported; retry, then dead-letter
     │   └─ Unsettled        it is not known yet who changed it; retry
     ├─ AlertLost            an alert did not reach the event bus; retry
     ├─ DeliveryFailed       a channel did not take a message; retry, then dead-letter
     ├─ TooEarly             AWS Config has not judged the bucket yet; retry
     └─ RemediationFailed
         ├─ Refused          carrying on would do harm, or no safe value is known
         ├─ CallRefused      AWS refused one of the calls of a plan
         ├─ LeftAlone        nothing is to be done, by an exemption or because it is under way
         └─ DidNotHold       the calls were accepted, but the bucket is still not compliant

Every message names the control or the bucket it is about, and says what to do.
"""

from reprlib import Repr

_SHOWN = Repr()
_SHOWN.maxstring = _SHOWN.maxother = 100


def shown(value: object) -> str:
    """Write a wrong value in a message; it came from outside, so it may be long or deep."""
    return _SHOWN.repr(value)


class BucketwardError(Exception):
    """Any error that Bucketward raises on purpose."""


class BadInput(BucketwardError):
    """An event, a parameter or a document is malformed."""


class Unknown(BucketwardError):
    """An aspect of a bucket was not read, so it can be neither judged nor changed."""


class BucketNotFound(BucketwardError):
    """The bucket does not exist (any more); one of another account is AccessDenied."""

    def __init__(self, message: str, bucket: str = "") -> None:
        super().__init__(message)
        self.bucket = bucket


class AccessPointNotFound(BucketwardError):
    """The access point does not exist (any more)."""


class Tampered(BucketwardError):
    """What is stored as approved is not what was approved; ``aspects`` are those it is about."""

    def __init__(self, message: str, bucket: str = "", aspects: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.bucket = bucket
        self.aspects = aspects


class Conflict(BucketwardError):
    """Somebody else wrote the same stored entry meanwhile, so nothing was written."""


class EvaluationLost(BucketwardError):
    """A verdict did not reach AWS Config."""


class Unsettled(EvaluationLost):
    """Who changed a bucket, or whether it was authorised, is not known yet."""


class DeliveryFailed(BucketwardError):
    """A channel did not take a message."""


class TooEarly(BucketwardError):
    """AWS Config has not judged the bucket yet."""


class AlertLost(BucketwardError):
    """An alert did not reach the event bus."""


class RemediationFailed(BucketwardError):
    """A remediation ended without a compliant bucket."""


class Refused(RemediationFailed):
    """A remediation would weaken the bucket, or knows no value that it could put back."""


class CallRefused(RemediationFailed):
    """AWS refused one of the calls of a plan."""


class LeftAlone(RemediationFailed):
    """Nothing is to be done, and that is no failure."""


class DidNotHold(RemediationFailed):
    """The bucket read after the writes is not what was written."""
