"""AWS Security Hub: a finding in the AWS Security Finding Format, RESOLVED when it is over.

Sources: *AWS Security Finding Format* and *BatchImportFindings* in the Security Hub user guide: the
product is the account's own default one; a title has 256 characters, a description 1,024, a
recommendation 512, a value of a product field 2,048. A provider updates severity and types in
FindingProviderFields, and cannot write the workflow, which is the customer's: that takes
BatchUpdateFindings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bucketward.channels import message
from bucketward.channels.channel import Channel, Tickets
from bucketward.channels.sending import Call
from bucketward.difference import cut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bucketward.channels.incident import Incident
    from bucketward.channels.sending import Target

_TITLE, _DESCRIPTION, _ADVICE, _FIELD, _NOTE = 256, 1024, 512, 2048, 512
_TYPE = "Software and Configuration Checks/AWS Security Best Practices"


def report(incident: Incident, target: Target) -> Sequence[Call]:
    return [_imported(_finding(incident, target))]


def resolve(incident: Incident, target: Target) -> Sequence[Call]:
    revert = incident.revert or {}
    finding = _finding(incident, target)
    over = {
        "RecordState": "ARCHIVED",
        "UpdatedAt": str(revert.get("time") or finding["UpdatedAt"]),
        "Compliance": {"Status": "PASSED"},
    }
    identifier = {"Id": finding["Id"], "ProductArn": finding["ProductArn"]}
    note = {"Text": cut(f"Bucketward: {message.done(incident)}", _NOTE), "UpdatedBy": "bucketward"}
    update = {
        "FindingIdentifiers": [identifier],
        "Workflow": {"Status": "RESOLVED"},
        "Note": note,
    }
    return [
        _imported(finding | over),
        Call("securityhub", "batch_update_findings", update, failures="UnprocessedFindings"),
    ]


def _imported(finding: dict[str, Any]) -> Call:
    return Call(
        "securityhub", "batch_import_findings", {"Findings": [finding]}, failures="FailedCount"
    )


def _finding(incident: Incident, target: Target) -> dict[str, Any]:
    head, partition = incident.head, target.partition
    home = f"{target.region}:{target.account}"
    fields = {
        f"bucketward/{label.lower().replace(' ', '-')}": cut(text, _FIELD)
        for label, text in (*message.facts(incident), *message.commands(incident))
        if text
    }
    if told := list(message.changes(head)):
        fields["bucketward/changed"] = cut("; ".join(told), _FIELD)
    resource: dict[str, Any] = {
        "Type": "AwsAccount",
        "Id": f"AWS::::Account:{head['account']}",
        "Partition": partition,
        "Region": target.region,
    }
    if incident.bucket:
        arn = f"arn:{partition}:s3:::{incident.bucket}"
        resource |= {"Type": "AwsS3Bucket", "Id": cut(arn, _ADVICE)}
    severity = {"Label": incident.severity.upper()}
    source = (head.get("links") or {}).get("config")
    return {
        "SchemaVersion": "2018-10-08",
        "Id": incident.key,
        "ProductArn": f"arn:{partition}:securityhub:{home}:product/{target.account}/default",
        "ProductName": "Bucketward",
        "CompanyName": "Bucketward",
        "GeneratorId": f"bucketward/{head['id']}",
        "AwsAccountId": target.account,
        "Types": [_TYPE],
        "CreatedAt": str(head["time"]),
        "UpdatedAt": str(head["time"]),
        "Severity": severity,
        "FindingProviderFields": {"Severity": severity, "Types": [_TYPE]},
        "Title": cut(incident.title, _TITLE),
        "Description": cut(f"{head.get('meaning', '')} {head['reason']}".strip(), _DESCRIPTION),
        "Remediation": {"Recommendation": {"Text": cut(str(head.get("response", "-")), _ADVICE)}},
        "ProductFields": fields,
        "Resources": [resource],
        "Compliance": {"Status": "FAILED"},
        "RecordState": "ACTIVE",
        **({"SourceUrl": source} if source else {}),
    }


CHANNEL = Channel(
    "security_hub",
    "AWS Security Hub",
    "SecurityHub",
    "SecurityHub",
    Tickets(report, resolve),
    secret=False,
)
