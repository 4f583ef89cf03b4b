"""S3 Batch Operations: CreateJob, which S3 reports to CloudTrail by an event of its own.

A stand-in: moto has no jobs, and nothing is run here. Source: *Examples: S3 Batch Operations* in
the S3 user guide, for JobCreated, which takes the place of a record of the call.
"""

from __future__ import annotations

import uuid
from functools import partial
from typing import TYPE_CHECKING, Any

from bucketward.changes import vocabulary

from .gateway import Call, Reply
from .records import moment

if TYPE_CHECKING:
    from datetime import datetime

    from .account import LocalAccount

OPERATION = "CreateJob"
SOURCE, DETAIL_TYPE = "aws.s3", "AWS Service Event via CloudTrail"


class BatchJobs:
    """Takes jobs, and lets CloudTrail tell of them."""

    def __init__(self, account: LocalAccount) -> None:
        self._account = account

    def answer(self, call: Call) -> Reply | None:
        """Take a job; whatever else S3 Control does is moto's."""
        return Reply() if call.operation == OPERATION else None

    def answered(self, call: Call, parsed: dict[str, Any]) -> None:
        """Give a job its id, and report it."""
        if call.operation != OPERATION or "Error" in parsed:
            return
        account = self._account
        job = _uuid(account.identifier("job"))
        parsed["JobId"] = job
        if account.trail.reports(call.region) and account.bus.listens(SOURCE, DETAIL_TYPE):
            report = self._report(job, account.clock.now)
            put = partial(account.bus.put, SOURCE, DETAIL_TYPE, report, [])
            account.clock.later(account.trail.delay, partial(put, time=account.clock.now))

    def _report(self, job: str, now: datetime) -> dict[str, Any]:
        place = self._account.place
        return {
            "eventVersion": "1.11",
            "userIdentity": {"accountId": place.account, "invokedBy": vocabulary.SOURCE},
            "eventTime": moment(now),
            "eventSource": vocabulary.SOURCE,
            "eventName": vocabulary.JOB_CREATED,
            "awsRegion": place.region,
            "sourceIPAddress": vocabulary.SOURCE,
            "userAgent": vocabulary.SOURCE,
            "requestParameters": None,
            "responseElements": None,
            "eventID": _uuid(f"event of {job}"),
            "readOnly": False,
            "eventType": "AwsServiceEvent",
            "managementEvent": True,
            "recipientAccountId": place.account,
            "serviceEventDetails": {
                "jobId": job,
                "jobArn": place.arn("s3", f"job/{job}"),
                "status": "New",
                "jobEventId": _uuid(f"job event of {job}"),
                "failureCodes": [],
                "statusChangeReason": [],
            },
            "eventCategory": "Management",
        }


def _uuid(text: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, text))
