"""Gather what explains a bucket's verdicts: live, in AWS Config, what they rest on, whose it is."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bucketward import Bucket, _aws
from bucketward.aspects import ASPECTS
from bucketward.clock import now
from bucketward.drift import same
from bucketward.errors import BadInput, BucketwardError
from bucketward.verdict import Compliance
from bucketward_tools.scan.account import exemptions
from bucketward_tools.scan.buckets import Place
from bucketward_tools.scan.choice import Chosen
from bucketward_tools.scan.judging import Judge
from bucketward_tools.scan.live import LiveDocuments
from bucketward_tools.scan.row import ERROR

from .advice import steps
from .breaker import open_breakers
from .comparing import looked_up, seen, told
from .objecting import deployed
from .refusal import sentence
from .screen import when
from .stored import use

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bucketward.aspects import Aspect

    from .deployment import Deployment

Json = dict[str, Any]
_RECENT = timedelta(days=7)


def explanations(
    deployment: Deployment, bucket: str, control: str | None, options: str
) -> Iterator[Json]:
    """Yield what explains each verdict; without a control, those that are red here or there.

    ``options`` are those that the commands to come next need as well.
    """
    place = Place(bucket, deployment.read(bucket, ()).region)
    chosen = [
        Chosen(each, given, each.rule.parse_parameters(given))
        for each, given in deployed(deployment)
        if each.rule.subject is Bucket and control in {None, each.stem}
    ]
    if not chosen:
        raise BadInput(
            f"Stack {deployment.stack.name} has no rule of {control} that judges buckets; see: "
            "bucketward status"
        )
    use(deployment)
    exempt = exemptions(chosen)
    found = Judge(deployment.stack.account, chosen, exempt).bucket(place)
    shown = _shown_by_config(deployment, bucket)
    known = _Known(deployment, bucket, found.documents)
    for each, row in zip(chosen, found.rows, strict=True):
        theirs = shown.get(each.stem)
        red = theirs and theirs["compliance"] == Compliance.NON_COMPLIANT
        if control is None and row.fine and not red:
            continue
        exemption = exempt[each.stem](bucket)
        aspects = [] if exemption else known.aspects(each, judged=row.compliance != ERROR)
        told_of: Json = {
            **row.to_dict(),
            "config": theirs,
            "evidence": [known.of(aspect) for aspect in aspects],
            "exemption": exemption.to_dict() if exemption else None,
            "breaker": next((b for b in known.breakers if b["control"] == each.stem), None),
            "reverts": known.reverts(each.stem),
        }
        yield {**told_of, "next": list(steps(told_of, each.control, deployment, options))}


class _Known:
    """What is known of one bucket, each thing asked for once."""

    def __init__(self, deployment: Deployment, bucket: str, documents: Mapping[str, Any]) -> None:
        def read(name: str) -> Any:  # noqa: ANN401 - JSON
            aspect = ASPECTS[name]
            return (
                documents[name] if name in documents else deployment.read(bucket, [aspect])[aspect]
            )

        self._deployment, self._bucket = deployment, bucket
        self._documents = LiveDocuments(ASPECTS, read)
        self._approvals, self._faults = deployment.store.baselines.examine(bucket)
        journal = deployment.store.records.journal(bucket, since=now() - _RECENT)
        self._reverts = [(each.control, each.id) for each in journal]
        self._evidence: dict[str, Json] = {}
        self.breakers = list(open_breakers(deployment, bucket))

    def reverts(self, control: str) -> list[str]:
        """Return the ids of the last week's reverts by a control, the newest first."""
        return [name for by, name in self._reverts if by == control]

    def aspects(self, chosen: Chosen, *, judged: bool) -> list[Aspect]:
        """Return what the verdict rests on: what the rule looks at, or what has drifted.

        Of a rule that could not judge, only what is approved and cannot be verified.
        """
        if chosen.rule.compares:
            return [
                aspect
                for name, aspect in ASPECTS.items()
                if name in self._faults
                or (judged and name in self._approvals and not self._as_approved(aspect))
            ]
        if not judged:
            return []
        looked = LiveDocuments(self._documents, self._documents.__getitem__)
        stack = self._deployment.stack
        bucket = Bucket(self._bucket, stack.account, stack.region, stack.partition, looked)
        chosen.rule.judge(bucket, chosen.parameters)
        return [ASPECTS[name] for name in looked.read]

    def of(self, aspect: Aspect) -> Json:
        """Return an aspect as it is and as it is approved, and who changed it last."""
        if aspect.name not in self._evidence:
            self._evidence[aspect.name] = self._look(aspect)
        return self._evidence[aspect.name]

    def _look(self, aspect: Aspect) -> Json:
        approval = self._approvals.get(aspect.name)
        if fault := self._faults.get(aspect.name):
            state = str(fault)
        elif approval is None:
            state = "never approved"
        else:
            state = "as approved" if self._as_approved(aspect) else "not as approved"
            state += f" (by {approval.approved_by} at {when(approval.approved_at)})"
        return {
            "aspect": aspect.name,
            "now": self._documents[aspect.name],
            "baseline": state,
            "approved": approval.document if approval else None,
            "as_approved": self._as_approved(aspect) if approval else None,
            "verified": aspect.name not in self._faults,
            "changed": self._changed(aspect),
        }

    def _as_approved(self, aspect: Aspect) -> bool:
        document = self._approvals[aspect.name].document
        return same(aspect, self._documents[aspect.name], document)

    def _changed(self, aspect: Aspect) -> str:
        known = seen(self._deployment, self._bucket, aspect)
        if known is not None:
            return told(known)
        try:
            return told(looked_up(self._deployment, self._bucket, aspect))
        except (_aws.ClientError, _aws.BotoCoreError, BucketwardError) as error:
            why = sentence(error) or str(error)
            return f"The change monitor has heard of no change of it. {why}"


def _shown_by_config(deployment: Deployment, bucket: str) -> dict[str, Json]:
    """Return by control what AWS Config shows of a bucket, and since when."""
    config, own = _aws.client("config", None, None), set(deployment.rules)
    request: Json = {
        "ResourceType": Bucket.TYPE,
        "ResourceId": bucket,
        "ComplianceTypes": [each.value for each in Compliance],
    }
    found: dict[str, Json] = {}
    while True:
        page = config.get_compliance_details_by_resource(**request)
        for each in page["EvaluationResults"]:
            qualifier = each["EvaluationResultIdentifier"]["EvaluationResultQualifier"]
            if qualifier["ConfigRuleName"] in own:
                found[deployment.control_of(qualifier["ConfigRuleName"])] = {
                    "rule": qualifier["ConfigRuleName"],
                    "compliance": each["ComplianceType"],
                    "annotation": each.get("Annotation", ""),
                    "since": when(each["ResultRecordedTime"]),
                }
        if not page.get("NextToken"):
            return found
        request["NextToken"] = page["NextToken"]


def status(found: list[Json]) -> int:
    """0: all is fine; 1: something is not compliant; 2: something could not be judged."""
    if any(each["compliance"] == ERROR for each in found):
        return 2
    return int(any(each["compliance"] == Compliance.NON_COMPLIANT for each in found))
