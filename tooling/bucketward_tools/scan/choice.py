"""Which controls a scan judges with, and with which parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bucketward import Bucket, Severity
from bucketward.errors import BadInput, shown
from bucketward.selection import matches
from bucketward_tools.catalogue import controls, rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bucketward import Rule
    from bucketward_tools.catalogue import Control

LEVELS = [each.value for each in Severity]  # the mildest first


@dataclass(frozen=True, slots=True)
class Chosen:
    """A control, the parameters to judge with, and the requirements that it answers."""

    control: Control
    given: Mapping[str, str]
    parameters: Any

    @property
    def stem(self) -> str:
        return self.control.stem

    @property
    def rule(self) -> Rule:
        return self.control.rule

    @property
    def severity(self) -> str:
        return self.control.rule.severity.value

    @property
    def of_buckets(self) -> bool:
        return self.control.rule.subject is Bucket


def choose(  # noqa: PLR0913 - each is an option of the command
    stems: Sequence[str] = (),
    *,
    framework: str | None = None,
    severity: str | None = None,
    parameters: Iterable[str] = (),
    buckets_only: bool = False,
    stored: bool = False,
    planning: bool = False,
) -> list[Chosen]:
    """Return the controls that were asked for, in alphabetical order.

    ``stems`` may hold shell patterns. Where nothing is asked for by name, those are left out that
    look beyond S3 (CloudTrail, AWS Config, GuardDuty and so on), which takes permissions of
    another kind, and those that need a baseline, unless it is ``stored``. Only those for
    ``planning`` have their remediations. Raises `BadInput` for a
    name that is none, a parameter of a control that is not chosen, and an empty choice.
    """
    every = controls() if planning else rules()
    found = dict(every)
    if framework is not None:
        from bucketward_tools.frameworks import frameworks

        asked = frameworks()
        found = {stem: found[stem] for stem in asked.selected(framework, every)}
    if stems:
        for pattern in stems:
            if not any(matches(stem, [_stem(pattern)]) for stem in every):
                raise BadInput(
                    f"There is no control {shown(pattern)}; choose one of: {', '.join(every)}."
                )
        patterns = [_stem(pattern) for pattern in stems]
        found = {
            stem: each
            for stem, each in found.items()
            if matches(stem, patterns) and (stored or stem in patterns or not each.rule.compares)
        }
    else:
        found = {
            stem: each
            for stem, each in found.items()
            if (stored or not each.rule.compares)
            and (not buckets_only or each.rule.subject is Bucket)
            and (framework is not None or _within_s3(each.rule))
        }
    if severity is not None:
        if severity not in LEVELS:
            raise BadInput(f"--severity is {shown(severity)}; choose one of: {', '.join(LEVELS)}.")
        least = LEVELS.index(severity)
        found = {
            stem: each
            for stem, each in found.items()
            if LEVELS.index(each.rule.severity.value) >= least
        }
    if not found:
        raise BadInput("No control is left by these options; `bucketward controls` lists them.")
    given = _parameters(parameters, found, every)
    if framework is not None:
        given = {
            stem: {**asked.parameters(framework, stem), **given.get(stem, {})} for stem in found
        }
    return [
        Chosen(each, given.get(stem, {}), each.rule.parse_parameters(given.get(stem, {})))
        for stem, each in found.items()
    ]


def _within_s3(rule: Rule) -> bool:
    """Whether S3's own permissions are enough to judge."""
    return all(action.startswith("s3:") for part in rule.reads for action in part.actions)


def _stem(pattern: str) -> str:
    return pattern.replace("-", "_")


def _parameters(
    given: Iterable[str], chosen: Mapping[str, Control], every: Mapping[str, Control]
) -> dict[str, dict[str, str]]:
    """Read ``CONTROL.NAME=VALUE``; of one control, ``NAME=VALUE`` will do."""
    found: dict[str, dict[str, str]] = {}
    for text in given:
        left, equals, value = text.partition("=")
        stem, dot, name = left.partition(".")
        if not dot and len(chosen) == 1:
            [stem], name = chosen, left
        if not equals or not name or not stem:
            raise BadInput(
                f"The parameter {shown(text)} is not of the form CONTROL.NAME=VALUE, such as "
                "bucket_logging.targetBuckets=acme-logs."
            )
        stem = _stem(stem)
        if stem not in chosen:
            advice = "it is not among those asked for" if stem in every else "there is none"
            raise BadInput(f"The parameter {shown(text)} is for control {shown(stem)}: {advice}.")
        found.setdefault(stem, {})[name] = value
    return found
