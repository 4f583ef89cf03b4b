"""S3 Batch Operations, as far as CloudTrail hears of it: a job is taken, and nothing comes of it.

A stand-in: moto knows no jobs. S3 reports a new job by a service event, JobCreated, that does not
say who asked for it. Source: *Amazon S3 Batch Operations: tracking a job with EventBridge and
CloudTrail* in the S3 user guide.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from .gateway import Reply

if TYPE_CHECKING:
    from .account import LocalAccount
    from .gateway import Call

CREATE = "CreateJob"


class BatchJobs:
    """Takes jobs; all else of S3 Control is moto's."""

    def __init__(self, account: LocalAccount) -> None:
        self._account = account

    def answer(self, call: Call) -> Reply | None:
        return Reply() if call.operation == CREATE else None

    def answered(self, call: Call, parsed: dict[str, Any]) -> None:
        """Give the job its id, and let S3 report it."""
        if call.service != "s3control" or call.operation != CREATE or "Error" in parsed:
            return
        account = self._account
        job = str(uuid.uuid5(uuid.NAMESPACE_OID, account.identifier("job")))
        parsed["JobId"] = job
        details = {
            "jobId": job,
            "jobArn": account.place.arn("s3", f"job/{job}"),
            "status": "New",
            "jobEventId": job.replace("-", ""),
            "failureCodes": [],
            "statusChangeReason": [],
        }
        account.trail.report("JobCreated", details)
