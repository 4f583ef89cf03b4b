"""One CloudTrail record, normalised: who did what to which aspect of which bucket, and when."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bucketward.changes import vocabulary
from bucketward.changes.actor import Actor
from bucketward.changes.payload import Element, account_id, element, flag, text
from bucketward.changes.target import named_bucket, owner
from bucketward.errors import BadInput

_READ = re.compile(r"(Get|List|Head|Describe|Select)[A-Z]")
_DENIED = frozenset(
    {
        # Codes by which S3 and S3 Control refuse the caller, not the request.
        "accessdenied",
        "accessdeniedexception",
        "allaccessdisabled",
        "expiredtoken",
        "invalidaccesskeyid",
        "invalidsecurity",
        "invalidtoken",
        "methodnotallowed",
        "notsignedup",
        "signaturedoesnotmatch",
        "tokenrefreshrequired",
        "unauthorizedaccess",
        "unauthorizedoperation",
    }
)


@dataclass(frozen=True, slots=True)
class Change:
    """One S3 call as CloudTrail recorded it: a write, a read, or an attempt that failed.

    ``event_id`` and ``time`` are None only where the record lacks them, which CloudTrail's never
    do. ``parameters`` are the request's, by name, and must only be read with
    ``bucketward.changes.payload``: never rebuild a revert from them.
    """

    event_id: str | None
    shared_event_id: str | None
    """The same in the caller's and in the owner's copy of a call across accounts."""
    time: datetime | None
    event_name: str
    source: str
    actor: Actor
    bucket: str | None
    account: str | None
    """The account that owns the bucket, or whose account-level setting it is."""
    recipient_account: str | None
    """The account whose copy of the record this is."""
    aspect: str
    region: str | None
    read_only: bool
    management: bool
    encrypted: bool | None = None
    """Whether the request came over TLS; None where the record does not tell."""
    error_code: str | None = None
    error_message: str | None = None
    parameters: Mapping[str, object] = field(default_factory=dict, hash=False)

    @property
    def failed(self) -> bool:
        return bool(self.error_code or self.error_message)

    @property
    def denied(self) -> bool:
        """Whether the caller was refused, as against a request that could not be carried out."""
        code = (self.error_code or "").rpartition(".")[2].lower()
        if code:
            return code in _DENIED
        message = (self.error_message or "").lower()
        return "access denied" in message or "not authorized" in message

    @property
    def write(self) -> bool:
        """Whether it is an attempt to change S3 configuration or, with ``management`` off, data."""
        return (
            self.source == vocabulary.SOURCE
            and not self.read_only
            and self.event_name not in vocabulary.REPORTS
        )

    @classmethod
    def from_record(cls, record: object) -> "Change":
        """Read a CloudTrail record, bare or in its EventBridge envelope.

        Raises BadInput for what is not one CloudTrail record; takes any other JSON value whole.
        Source: *CloudTrail record contents* in the CloudTrail user guide.
        """
        body = _body(record)
        event = vocabulary.event_name(text(body.get("eventName")))
        aspect = vocabulary.WRITES.get(event, vocabulary.UNKNOWN_ASPECT)
        parameters = _parameters(body.get("requestParameters"))
        recipient = account_id(body.get("recipientAccountId")) or None
        actor = Actor.from_identity(body.get("userIdentity"), body.get("sourceIPAddress"))
        return cls(
            event_id=text(body.get("eventID")) or None,
            shared_event_id=text(body.get("sharedEventID")) or None,
            time=_time(body.get("eventTime")),
            event_name=event,
            source=text(body.get("eventSource")),
            actor=actor,
            bucket=named_bucket(body, parameters, aspect),
            account=owner(body, parameters) or recipient or actor.account,
            recipient_account=recipient,
            aspect=aspect,
            region=text(body.get("awsRegion")) or None,
            read_only=_read_only(body, event),
            management=_management(body, event),
            encrypted=_encrypted(body),
            error_code=text(body.get("errorCode")) or None,
            error_message=text(body.get("errorMessage")) or None,
            parameters=parameters,
        )


def records(document: object) -> list[object]:
    """Give the records of a log file, a list, or what ``lookup-events`` prints; else the one given.

    Raises BadInput where there is none.
    """
    match document:
        case {"Records": list(listed)} | {"Events": list(listed)} | list(listed):
            if not listed:
                raise BadInput("There is no CloudTrail record in it.")
            return [_looked_up(each) for each in listed]
    return [_looked_up(document)]


def _looked_up(record: object) -> object:
    """Read a record out of the text that ``lookup-events`` wraps it in."""
    if not isinstance(record, dict) or not isinstance(record.get("CloudTrailEvent"), str):
        return record
    try:
        return json.loads(record["CloudTrailEvent"])
    except (ValueError, RecursionError) as error:
        raise BadInput("The CloudTrailEvent in it is not JSON.") from error


def _body(record: object) -> Element:
    if not isinstance(record, dict):
        raise BadInput("A CloudTrail record is a JSON object: pass one, or its EventBridge event.")
    body = record
    if "eventName" not in record and isinstance(record.get("detail"), dict):
        body = record["detail"]
    if isinstance(body.get("Records"), list):
        raise BadInput("This is a CloudTrail log file: pass one of its Records at a time.")
    for name in ("eventName", "eventSource"):
        if not isinstance(body.get(name), str) or not body[name]:
            raise BadInput(f"This is not a CloudTrail record: it has no {name}.")
    return body


def _parameters(value: object) -> dict[str, object]:
    """Give the request parameters by the names that today's records use."""
    named: dict[str, object] = {}
    for name, item in element(value).items():
        lower = str(name).lower()
        known = "Host" if lower == "host" else lower if lower.startswith("x-amz-") else str(name)
        unwrapped = item[0] if isinstance(item, list) and len(item) == 1 else item
        named[known] = unwrapped
    return named


def _time(value: object) -> datetime | None:
    try:
        time = datetime.fromisoformat(text(value))
        return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _read_only(body: Element, event: str) -> bool:
    """Believe the record, and the operation's verb in old records, which do not say."""
    if body.get("readOnly") is not None:
        return flag(body.get("readOnly"))
    return bool(_READ.match(event))


def _management(body: Element, event: str) -> bool:
    if text(body.get("eventCategory")) not in ("", "Management"):
        return False
    if body.get("managementEvent") is not None:
        return flag(body.get("managementEvent"))
    return event not in vocabulary.DATA_WRITES


def _encrypted(body: Element) -> bool | None:
    """Tell by the cipher, which records of requests carry even where they lack tlsDetails."""
    request = element(body.get("additionalEventData"))
    if element(body.get("tlsDetails")) or text(request.get("CipherSuite")) not in ("", "-"):
        return True
    return False if text(request.get("AuthenticationMethod")) else None
