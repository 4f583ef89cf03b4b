"""SARIF 2.1.0: one run, a rule for each control, a result for each row.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/. A bucket is no file: it is named by its
ARN, as a logical location and as the URI that code scanning services ask for.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TextIO
from urllib.parse import quote

from bucketward_tools.scan.row import ERROR

from .standards import answered, own_version

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bucketward_tools.scan.choice import Chosen
    from bucketward_tools.scan.row import Judged, Row

    from .about import About

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_KINDS = {
    "NON_COMPLIANT": "fail",
    "COMPLIANT": "pass",
    "NOT_APPLICABLE": "notApplicable",
    ERROR: "open",
}
_LEVELS = {"low": "note", "medium": "warning", "high": "error", "critical": "error"}
_SCORES = {"low": "3.0", "medium": "5.5", "high": "8.0", "critical": "9.5"}
"""CVSS-like, which GitHub's code scanning sorts by."""


def write(found: Iterable[Judged], out: TextIO, about: About) -> None:
    """Write the results as they come; the run's end says whether all could be judged."""
    driver = {
        "name": "Bucketward",
        "version": own_version(),
        "rules": [_rule(each) for each in about.chosen],
    }
    indices = {each.stem: index for index, each in enumerate(about.chosen)}
    separator = ""
    head = json.dumps({"$schema": SCHEMA, "version": "2.1.0"})[:-1]
    for judged in found:
        for row in judged.rows:
            if not separator:
                out.write(f'{head}, "runs": [{{"tool": {json.dumps({"driver": driver})}, ')
                out.write('"results": [\n')
            out.write(separator + json.dumps(_result(row, judged, indices[row.control])))
            separator = ",\n"
    if not separator:
        out.write(f'{head}, "runs": [{{"tool": {json.dumps({"driver": driver})}, "results": [')
    invocation = {
        "executionSuccessful": about.exit_code < 2,  # noqa: PLR2004 - could not be judged
        "exitCode": about.exit_code,
        "startTimeUtc": f"{about.begun:%Y-%m-%dT%H:%M:%SZ}",
    }
    out.write(
        f'\n], "columnKind": "utf16CodeUnits", "invocations": [{json.dumps(invocation)}]}}]}}\n'
    )


def _rule(each: Chosen) -> dict[str, Any]:
    _, _, text = each.rule.doc.partition("\n\n")
    return {
        "id": each.stem,
        "name": each.control.name,
        "shortDescription": {"text": f"{each.control.title}."},
        "fullDescription": {"text": f"{each.control.title}."},
        "help": {"text": text.strip() or each.control.title, "markdown": text.strip()},
        "defaultConfiguration": {"level": _LEVELS[each.severity]},
        "properties": {
            "tags": ["security", *(f"{label} {number}" for label, number in answered(each.stem))],
            "security-severity": _SCORES[each.severity],
        },
    }


def _result(row: Row, judged: Judged, index: int) -> dict[str, Any]:
    arn = f"arn:aws:s3:::{row.bucket}" if judged.noun == "bucket" else row.bucket
    kind = _KINDS[row.compliance]
    return {
        "ruleId": row.control,
        "ruleIndex": index,
        "kind": kind,
        "level": _LEVELS[row.severity] if kind == "fail" else "none",
        "message": {"text": row.annotation},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": f"s3/{quote(row.bucket, safe='')}"},
                    "region": {"startLine": 1},
                },
                "logicalLocations": [
                    {"name": row.bucket, "fullyQualifiedName": arn, "kind": "resource"}
                ],
            }
        ],
        "partialFingerprints": {
            "bucketward/v1": sha256(f"{arn} {row.control}".encode()).hexdigest()
        },
    }
