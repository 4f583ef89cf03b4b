"""CloudTrail records of S3, read as changes and classified into alerts.

>>> from bucketward.changes import classify
>>> [alert.id for alert in classify({
...     "eventSource": "s3.amazonaws.com", "eventName": "DeleteBucket", "readOnly": False,
...     "requestParameters": {"bucketName": "amzn-s3-demo-bucket"},
... })]
['bucket-deleted']

Pure: values in, values out. Nothing here calls AWS, and no record makes it raise anything but
BadInput.
"""

from bucketward.changes.actor import Actor
from bucketward.changes.alert import Alert, Finding, Situation
from bucketward.changes.alerts import ALERTS
from bucketward.changes.attack import Technique
from bucketward.changes.authorisation import Authorisation, from_parameter
from bucketward.changes.change import Change, records
from bucketward.changes.classification import CONTROL_TAGS, SHORT_EXPIRATION_DAYS, classify
from bucketward.changes.decision import Decision, Standing, weigh
from bucketward.changes.standing import judge
from bucketward.changes.vocabulary import ALIASES, WRITES, event_name, event_names

__all__ = [
    "ALERTS",
    "ALIASES",
    "CONTROL_TAGS",
    "SHORT_EXPIRATION_DAYS",
    "WRITES",
    "Actor",
    "Alert",
    "Authorisation",
    "Change",
    "Decision",
    "Finding",
    "Situation",
    "Standing",
    "Technique",
    "classify",
    "event_name",
    "event_names",
    "from_parameter",
    "judge",
    "records",
    "weigh",
]
