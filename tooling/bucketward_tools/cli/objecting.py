"""Which of the stack's controls would revert a bucket if it were as somebody wants it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bucketward import _aws
from bucketward.bucket import Bucket
from bucketward.errors import BucketwardError
from bucketward.verdict import Compliance
from bucketward_tools.catalogue import controls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bucketward_tools.catalogue import Control

    from .deployment import Deployment

_BATCH = 25
"""Rules that DescribeConfigRules takes the names of."""


def objecting(deployment: Deployment, live: Bucket, then: Bucket) -> list[str]:
    """Return the controls that revert by themselves and object to ``then``, not to ``live``.

    Judged with the parameters that the rules have in AWS Config. `bucket_drift`, which goes by
    the baseline, is not asked.
    """
    found = []
    for control, given in deployed(deployment):
        if not deployment.automatic.get(control.kebab):
            continue
        if control.rule.subject is not Bucket or control.rule.compares:
            continue
        if _objects(control, then, given) and not _objects(control, live, given):
            found.append(control.stem)
    return found


def _objects(control: Control, bucket: Bucket, given: dict[str, Any]) -> bool:
    """Whether it is, or may be, non-compliant: what cannot be judged is not vouched for."""
    try:
        parameters = control.rule.parse_parameters(given)
        return control.rule.judge(bucket, parameters).compliance is Compliance.NON_COMPLIANT
    except BucketwardError:
        return True


def deployed(deployment: Deployment) -> Iterator[tuple[Control, dict[str, Any]]]:
    """Yield each control whose rule is deployed, with the rule's parameters."""
    by_rule = {f"{deployment.stack.name}-{each.kebab}": each for each in controls().values()}
    names = [each for each in deployment.rules if each in by_rule]
    client = _aws.client("config", None, None)
    for start in range(0, len(names), _BATCH):
        page = client.describe_config_rules(ConfigRuleNames=names[start : start + _BATCH])
        for rule in page["ConfigRules"]:
            given = json.loads(rule.get("InputParameters") or "{}")
            yield by_rule[rule["ConfigRuleName"]], given
