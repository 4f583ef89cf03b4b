"""The policy in a CloudTrail record, and the Deny statements that guard a bucket."""

import json

from bucketward.aspects import Document
from bucketward.changes.change import Change
from bucketward.changes.payload import element, elements, text


def written_policy(change: Change) -> object:
    """Give the policy that was written, as text or parsed; None or empty where the record has none.

    A bucket's arrives parsed as ``bucketPolicy`` (``{}`` where S3 could not parse it). Those of
    access points have not been seen in a record: their XML body holds the policy as text.
    """
    for name in ("bucketPolicy", "policy"):  # "policy" is "" where it only is the sub-resource
        if document := change.parameters.get(name):
            return document
    for name in change.parameters:
        request = element(change.parameters.get(name))
        if policy := request.get("Policy") or element(request.get("Details")).get("Policy"):
            return policy
    return None


def deny_statements(document: Document) -> set[str]:
    """Give each Deny statement in one spelling, so that the same guard compares equal.

    Lists of one and order within a list mean nothing to IAM, and neither does the Sid.
    """
    policy: object = document
    if isinstance(document, str):
        try:
            policy = json.loads(document)
        except (ValueError, RecursionError):
            return set()
    return {
        _spelling({key: value for key, value in statement.items() if key != "Sid"})
        for statement in elements(element(policy), "Statement")
        if text(statement.get("Effect")) == "Deny"
    }


def _spelling(statement: dict[str, object]) -> str:
    try:
        return json.dumps(_canonical(statement), sort_keys=True)
    except RecursionError:
        return ""  # nested deeper than any policy that S3 stores


def _canonical(value: object) -> object:
    if isinstance(value, dict):
        return {str(key): _canonical(item) for key, item in value.items()}
    if isinstance(value, list):
        ordered = sorted(map(_canonical, value), key=lambda item: json.dumps(item, sort_keys=True))
        return ordered[0] if len(ordered) == 1 else ordered
    return text(value)
