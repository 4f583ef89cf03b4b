"""Write a call to S3 as CloudTrail's record of it, from the very request that was sent.

Sources: *CloudTrail record contents* and *Amazon S3 CloudTrail events* in the AWS user guides;
published records for the shape of ``requestParameters``, which is not documented: the bucket, the
host, each key of the query string, each ``x-amz-`` header, and the XML of the body without a
schema (one child is an object, several are a list, an empty element is ``""``, digits a number,
``true`` a boolean). A bucket policy is parsed.
"""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import xmltodict  # type: ignore[import-untyped]

from bucketward.aspects import LOCATION, operations
from bucketward.changes import vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from .actors import Actor
    from .identifiers import Place

Document = Any
SERVICES = {"s3", "s3control"}

_EVENTS = {name: operation.event for name, operation in operations().items()} | {
    LOCATION.name: LOCATION.event,
    "ListObjectsV2": "ListObjects",
}
_CONTROL_EVENTS = {
    "PutPublicAccessBlock": vocabulary.PUT_ACCOUNT_BLOCK,
    "DeletePublicAccessBlock": vocabulary.DELETE_ACCOUNT_BLOCK,
    "GetPublicAccessBlock": "GetAccountPublicAccessBlock",
}
_DATA_READS = {
    "GetObjectAttributes",
    "HeadBucket",
    "HeadObject",
    "ListMultipartUploads",
    "ListObjectVersions",
    "ListObjects",
    "ListParts",
}
_READS = re.compile(r"(Get|List|Head|Describe|Select)[A-Z]")
_UNSAID = re.compile(
    r"x-amz-(date|content-sha256|security-token|user-agent|decoded-content-length|trailer|mfa"
    r"|account-id|checksum-.*|sdk-.*|grant-.*)"
)
"""Headers of every request, and those that published records of such requests do not hold."""

_NUMBER = re.compile(r"-?[0-9]{1,18}")
_MOST = 100 * 1024
"""The size of ``requestParameters`` beyond which CloudTrail omits their content."""

_CIPHER = "TLS_AES_128_GCM_SHA256"


@dataclass(frozen=True, slots=True)
class Heard:
    """What a record is made of, when somebody asks for it; the request is kept as it was sent."""

    number: int
    time: datetime
    actor: Actor
    region: str
    """The Region of the bucket, or of the endpoint for what belongs to the account."""
    service: str
    operation: str
    params: Mapping[str, Any]
    url: str
    headers: Mapping[str, str]
    body: bytes
    error: str | None
    message: str | None
    foreign: bool = False
    """Whether the bucket is another account's."""

    @property
    def event(self) -> str:
        table = _CONTROL_EVENTS if self.service == "s3control" else _EVENTS
        return table.get(self.operation, self.operation)

    @property
    def id(self) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"event {self.number}"))

    @property
    def management(self) -> bool:
        """Whether it is a management event; calls for objects are data events."""
        if self.service == "s3control":
            return True
        data = self.event in vocabulary.DATA_WRITES or self.event in _DATA_READS
        return not data and "Key" not in self.params

    @property
    def read_only(self) -> bool:
        return bool(_READS.match(self.event))

    @property
    def bucket(self) -> str | None:
        return self.params.get("Bucket") if self.service == "s3" else None


def record(heard: Heard, place: Place) -> dict[str, Any]:
    """Write the copy of the record that goes to the account ``place``."""
    actor, host = heard.actor, urlsplit(heard.url).netloc
    across = actor.account != place.account or heard.foreign
    began = heard.time.replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
    agent = actor.agent or heard.headers.get("user-agent", "")
    found: dict[str, Any] = {
        "eventVersion": "1.11",
        "userIdentity": actor.identity(place.account, moment(began)),
        "eventTime": moment(heard.time),
        "eventSource": vocabulary.SOURCE,
        "eventName": heard.event,
        "awsRegion": heard.region,
        "sourceIPAddress": actor.arn if actor.service else actor.via or actor.address,
        "userAgent": actor.arn if actor.service else actor.via or f"[{agent}]",
    }
    if heard.error:
        found |= {"errorCode": heard.error, "errorMessage": heard.message or ""}
    found |= {
        "requestParameters": _kept(_parameters(heard, host)),
        "responseElements": None,
        "additionalEventData": {
            "SignatureVersion": "SigV4",
            "CipherSuite": _CIPHER,
            "bytesTransferredIn": len(heard.body),
            "AuthenticationMethod": "AuthHeader",
            "x-amz-id-2": uuid.uuid5(uuid.NAMESPACE_OID, f"id-2 {heard.number}").hex,
            "bytesTransferredOut": 0,
        },
        "requestID": uuid.uuid5(uuid.NAMESPACE_OID, f"request {heard.number}").hex[:16].upper(),
        "eventID": heard.id,
        "readOnly": heard.read_only,
    }
    if resources := _resources(heard, place):
        found["resources"] = resources
    found |= {
        "eventType": "AwsApiCall",
        "managementEvent": heard.management,
        "recipientAccountId": place.account,
        "eventCategory": "Management" if heard.management else "Data",
    }
    if across:
        shared = uuid.uuid5(uuid.NAMESPACE_OID, f"shared {heard.number}")
        found["sharedEventID"] = str(shared)
    if not (actor.service or actor.via):
        found["tlsDetails"] = {
            "tlsVersion": "TLSv1.3",
            "cipherSuite": _CIPHER,
            "clientProvidedHostHeader": host,
        }
    if actor.console:
        found["sessionCredentialFromConsole"] = "true"
    return found


def service_event(
    event: str, number: int, time: datetime, details: Mapping[str, Any], place: Place
) -> dict[str, Any]:
    """Write what S3 reports by itself; the example of S3 Batch Operations in its user guide."""
    service = vocabulary.SOURCE
    return {
        "eventVersion": "1.05",
        "userIdentity": {"accountId": place.account, "invokedBy": service},
        "eventTime": moment(time),
        "eventSource": service,
        "eventName": event,
        "awsRegion": place.region,
        "sourceIPAddress": service,
        "userAgent": service,
        "requestParameters": None,
        "responseElements": None,
        "eventID": str(uuid.uuid5(uuid.NAMESPACE_OID, f"event {number}")),
        "readOnly": False,
        "eventType": "AwsServiceEvent",
        "recipientAccountId": place.account,
        "serviceEventDetails": dict(details),
    }


def _parameters(heard: Heard, host: str) -> dict[str, Any]:
    found: dict[str, Any] = {"bucketName": heard.bucket} if heard.bucket else {}
    if heard.service == "s3control":
        names = {"Name": "name", "ResourceArn": "resourceArn"}
        found |= {own: heard.params[api] for api, own in names.items() if api in heard.params}
    found["Host"] = host
    if "Key" in heard.params:
        found["key"] = heard.params["Key"]
    found |= dict(parse_qsl(urlsplit(heard.url).query, keep_blank_values=True))
    granted = {}
    for name, value in heard.headers.items():
        if name.startswith("x-amz-grant-"):
            granted[name] = value
        elif name.startswith("x-amz-") and not _UNSAID.fullmatch(name):
            found[name] = value
    if granted:
        found["accessControlList"] = granted
    if heard.operation == "PutBucketPolicy":
        found["bucketPolicy"] = _policy(heard.body)
    elif heard.management and heard.body.lstrip().startswith(b"<"):
        found |= _values(xmltodict.parse(heard.body, attr_prefix=""))
    return found


def _kept(parameters: dict[str, Any]) -> dict[str, Any] | None:
    """Leave out what is larger than a record may hold, as for a thousand lifecycle rules."""
    return parameters if len(json.dumps(parameters)) <= _MOST else None


def _policy(body: bytes) -> Document:
    try:
        parsed = json.loads(body)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _values(element: Document) -> Document:
    """Turn the texts of an element into what CloudTrail takes them for."""
    match element:
        case dict():
            return {name: _values(each) for name, each in element.items()}
        case list():
            return [_values(each) for each in element]
        case None:
            return ""
        case "true" | "false":
            return element == "true"
        case str() if _NUMBER.fullmatch(element):
            return int(element)
        case _:
            return element


def _resources(heard: Heard, place: Place) -> list[dict[str, str]]:
    """Name the bucket; a new one, one that does not exist, and account settings have no entry."""
    if heard.bucket is None or heard.error == "NoSuchBucket" or heard.operation == "CreateBucket":
        return []
    arn = place.bucket_arn(heard.bucket)
    # Whose a bucket of another account is, its owner's copy says and not the caller's.
    owner = {} if heard.foreign else {"accountId": place.account}
    bucket = {**owner, "type": "AWS::S3::Bucket", "ARN": arn}
    if "Key" not in heard.params:
        return [bucket]
    return [{"type": "AWS::S3::Object", "ARN": f"{arn}/{heard.params['Key']}"}, bucket]


def moment(time: datetime) -> str:
    """Write a time as CloudTrail does, to the second."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")
