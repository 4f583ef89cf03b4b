"""OCSF 1.9.0: a Compliance Finding (class 2003) for each row, in one JSON list.

Source: https://schema.ocsf.io/1.9.0/classes/compliance_finding. The cloud profile carries account
and Region; a row that could not be judged is a Warning, "no result due to missing information".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TextIO

from bucketward_tools.scan.row import ERROR

from .rows import write_list
from .standards import answered, own_version

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bucketward_tools.scan.row import Judged, Row

    from .about import About

VERSION = "1.9.0"
_CLASS, _CATEGORY, _CREATE = 2003, 2, 1
_SEVERITIES = {
    "low": (2, "Low"),
    "medium": (3, "Medium"),
    "high": (4, "High"),
    "critical": (5, "Critical"),
}
_INFORMATIONAL = (1, "Informational")
_STATUSES = {
    "COMPLIANT": (1, "Pass"),
    ERROR: (2, "Warning"),
    "NON_COMPLIANT": (3, "Fail"),
    "NOT_APPLICABLE": (99, "Not applicable"),
}


def write(found: Iterable[Judged], out: TextIO, about: About) -> None:
    write_list(_events(found, about), out)


def _events(found: Iterable[Judged], about: About) -> Iterator[dict[str, Any]]:
    titles = {each.stem: each.control.title for each in about.chosen}
    for judged in found:
        for row in judged.rows:
            yield _event(row, judged, about, titles[row.control])


def _event(row: Row, judged: Judged, about: About, title: str) -> dict[str, Any]:
    moment = int(about.begun.timestamp() * 1000)
    severity_id, severity = _INFORMATIONAL if row.fine else _SEVERITIES[row.severity]
    status_id, status = _STATUSES[row.compliance]
    account = about.accounts[-1]
    requirements = answered(row.control)
    return {
        "activity_id": _CREATE,
        "activity_name": "Create",
        "category_uid": _CATEGORY,
        "category_name": "Findings",
        "class_uid": _CLASS,
        "class_name": "Compliance Finding",
        "type_uid": _CLASS * 100 + _CREATE,
        "type_name": "Compliance Finding: Create",
        "severity_id": severity_id,
        "severity": severity,
        "status_id": 1,
        "status": "New",
        "time": moment,
        "message": row.annotation,
        "metadata": {
            "version": VERSION,
            "profiles": ["cloud"],
            "product": {
                "name": "Bucketward",
                "vendor_name": "Bucketward",
                "version": own_version(),
            },
        },
        "finding_info": {
            "uid": f"bucketward/{account}/{row.bucket}/{row.control}",
            "title": title,
            "desc": row.annotation,
            "created_time": moment,
        },
        "compliance": {
            "control": row.control,
            "standards": list(dict.fromkeys(label for label, _ in requirements)) or ["Bucketward"],
            "requirements": [f"{label} {number}" for label, number in requirements],
            "status_id": status_id,
            "status": status,
            "status_detail": row.annotation,
        },
        "cloud": {
            "provider": "AWS",
            "account": {"uid": account, "type_id": 10, "type": "AWS Account"},
            **({"region": judged.region} if judged.region else {}),
        },
        "resources": [_resource(row, judged)],
    }


def _resource(row: Row, judged: Judged) -> dict[str, Any]:
    kinds = {"bucket": "AwsS3Bucket", "account": "AwsAccount"}
    uid = f"arn:aws:s3:::{row.bucket}" if judged.noun == "bucket" else row.bucket
    return {
        "uid": uid,
        "name": row.bucket,
        "type": kinds.get(judged.noun, "AwsS3AccessPoint"),
        **({"region": judged.region} if judged.region else {}),
    }
