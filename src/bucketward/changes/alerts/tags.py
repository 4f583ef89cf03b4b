"""Alerts on tags, and on those tags that control what happens to a bucket."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import chain

from bucketward.aspects import TAGGING
from bucketward.changes.alert import Alert, Situation
from bucketward.changes.attack import ACCOUNT_MANIPULATION, DISABLE_TOOLS
from bucketward.changes.payload import Element, element, elements, text, texts
from bucketward.changes.vocabulary import WRITES
from bucketward.verdict import Severity

_EVENTS = tuple(event for event, aspect in WRITES.items() if aspect == TAGGING.name)


def _pairs(tags: Iterator[Element]) -> dict[str, str]:
    return {text(tag.get("Key")): text(tag.get("Value")) for tag in tags}


def _before(situation: Situation) -> dict[str, str]:
    return _pairs(elements(situation.previous(TAGGING.name), "TagSet"))


def _written(situation: Situation) -> dict[str, str]:
    written = situation.payload(TAGGING.argument)
    added = element(situation.payload("TagResourceRequest").get("Tags"))
    sets = (elements(element(written.get("TagSet")), "Tag"), elements(written, "TagSet"))
    return _pairs(chain(*sets, elements(added, "Tag")))


def _control_tag_touched(situation: Situation) -> bool:
    """Whether a tag that a tool obeys was set, changed or removed.

    Without the tags before, any control tag in the request counts: it may be new.
    """
    before, written = _before(situation), _written(situation)
    if situation.change.event_name == TAGGING.put.event and not situation.described:
        return False
    if situation.change.event_name == "UntagResource":
        touched = set(texts(situation.change.parameters.get("tagKeys")))
    else:
        replaced = situation.change.event_name != "TagResource"
        gone = {key for key in before if replaced and key not in written}
        touched = gone | {key for key, value in written.items() if before.get(key) != value}
    return any(
        fnmatchcase(key.lower(), pattern.lower())
        for key in touched
        for pattern in situation.control_tags
    )


ALERTS = (
    Alert(
        id="tagging-changed",
        title="Bucket tags changed",
        severity=Severity.LOW,
        events=_EVENTS,
        meaning="Tags were written or deleted; cost reports and tag-based policies follow them.",
        response="Compare the tags with the baseline.",
    ),
    Alert(
        id="control-tag-changed",
        title="Bucket tag that controls protection changed",
        severity=Severity.HIGH,
        events=_EVENTS,
        when=_control_tag_touched,
        meaning="A tag by which tools exempt or select buckets was set, changed or removed.",
        response="Put the tag back, and look at what its author did to the bucket afterwards.",
        attack=(DISABLE_TOOLS, ACCOUNT_MANIPULATION),
    ),
)
