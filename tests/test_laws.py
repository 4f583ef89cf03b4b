"""The laws of docs/architecture.md over the controls of buckets."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import measured_settings
from access_requests import access_safety
from bucketward import Bucket, Compliance, Refused, Unknown
from bucketward.calls import apply
from bucketward.encryption import ALGORITHMS
from bucketward_tools.catalogue import Control, controls
from estate import cases, known
from strategies import buckets, others
from strategies_access import before

RULES = [  # on buckets; the others are in test_account_laws.py
    pytest.param(control, id=stem)
    for stem, control in controls().items()
    if control.rule.subject is Bucket
]
REMEDIATIONS = [each for each in RULES if each.values[0].remediation is not None]


def parameters(control: Control) -> st.SearchStrategy[dict[str, str]]:
    """Parameters as the control's cases use them."""
    return st.sampled_from([case.get("parameters", {}) for case in cases(control.stem)])


def varying(control: Control) -> set[str]:
    """Name the aspects that the control looks at; the others are left, whatever they are."""
    return {aspect.name for aspect in (*control.rule.reads, *control.remediation.reads)}


def situation(data: st.DataObject, control: Control):
    """Draw a bucket, the rule's parameters and what the remediation knows."""
    bucket = data.draw(buckets(sorted(varying(control))))
    given_ = data.draw(parameters(control))
    own = control.remediation.parse_parameters(given_)
    earlier = past(data, control, bucket, own)
    reachable = data.draw(others) if control.remediation.others else {}
    return bucket, control.rule.parse_parameters(given_), known(own, earlier, reachable)


def past(data: st.DataObject, control: Control, bucket: Bucket, own) -> Bucket | None:
    """Draw an earlier state, which is only ever one that the control was content with.

    Most differ only in what the remediation writes: of unrelated states few have much to give.
    """
    written = sorted({operation.aspect for operation in control.remediation.calls})
    for chance in ("likely", "again", "any"):
        if data.draw(st.integers(0, 3), label=chance) == 0:
            return None
        if chance == "any":
            state = replace(data.draw(buckets(sorted(varying(control)))), name=bucket.name)
        elif "policy" in written and data.draw(st.booleans()):
            state = data.draw(before(bucket))
        else:
            fresh = data.draw(buckets(written))
            documents = {name: fresh.aspects[name] for name in written}
            state = replace(bucket, aspects={**bucket.aspects, **documents})
        if control.remediation.content_with(state, own):
            return state
    return None


def planned(control: Control, bucket: Bucket, what):
    try:
        return control.remediation.planned(bucket, what)
    except Refused:
        assume(False)  # noqa: FBT003 - a refusal changes nothing; cases say when it is right


@pytest.mark.parametrize("control", REMEDIATIONS)
@given(data=st.data())
def test_complete_after_the_plan_the_rule_is_content(control: Control, data):
    bucket, ruled, what = situation(data, control)
    after = apply(planned(control, bucket, what), bucket)
    assert control.rule.judge(after, ruled).compliance is not Compliance.NON_COMPLIANT


@pytest.mark.parametrize("control", REMEDIATIONS)
@given(data=st.data())
def test_idempotent_a_second_run_makes_no_call(control: Control, data):
    bucket, _, what = situation(data, control)
    after = apply(planned(control, bucket, what), bucket)
    assert control.remediation.planned(after, what) == ()


@pytest.mark.parametrize("control", REMEDIATIONS)
@given(data=st.data())
def test_quiet_exactly_where_the_rule_is_content(control: Control, data):
    bucket, ruled, what = situation(data, control)
    bad = control.rule.judge(bucket, ruled).compliance is Compliance.NON_COMPLIANT
    assert bool(planned(control, bucket, what)) == bad


@pytest.mark.parametrize("control", REMEDIATIONS)
@given(data=st.data())
def test_preserving_no_other_aspect_changes(control: Control, data):
    bucket, _, what = situation(data, control)
    calls = planned(control, bucket, what)
    after = apply(calls, bucket)
    owned = {operation.aspect for operation in control.remediation.calls}
    for name in bucket.aspects.keys() - owned:
        assert after.aspects[name] == bucket.aspects[name]


def safety(bucket: Bucket) -> dict[str, object]:
    """How safe a bucket is, one comparable figure a fact; written apart from safety.py."""
    aspects = bucket.aspects
    rule = next(iter((aspects["encryption"] or {}).get("Rules", [])), {})
    default = rule.get("ApplyServerSideEncryptionByDefault", {}).get("SSEAlgorithm")
    blocked = rule.get("BlockedEncryptionTypes", {}).get("EncryptionType", [])
    versioning = aspects["versioning"] or {}
    return {
        **{flag: bool(on) for flag, on in (aspects["public_access_block"] or {}).items()},
        "encryption": ALGORITHMS.index(default) if default else -1,
        "blocks SSE-C": "SSE-C" in blocked,
        "versioning": versioning.get("Status") == "Enabled",
        "MFA delete": versioning.get("MFADelete") == "Enabled",
        "logging": aspects["logging"] is not None,
        **access_safety(bucket),
        **measured_settings.safety(bucket),
    }


@pytest.mark.parametrize("control", REMEDIATIONS)
@given(data=st.data())
def test_never_weaker_whatever_is_known_of_the_past(control: Control, data):
    bucket, _, what = situation(data, control)
    after = safety(apply(planned(control, bucket, what), bucket))
    weaker = [fact for fact, was in safety(bucket).items() if after.get(fact, False) < was]
    assert not weaker


@pytest.mark.parametrize("control", [each for each in RULES if each.id != "bucket_drift"])
@given(bucket=buckets(()))
def test_no_knowledge_no_verdict(control: Control, bucket: Bucket):
    unread = Bucket(bucket.name, bucket.account, bucket.region, aspects={})
    with pytest.raises(Unknown, match="was not read"):
        control.rule.judge(unread)


@pytest.mark.parametrize("control", [each for each in REMEDIATIONS if each.id != "bucket_drift"])
@given(bucket=buckets(()))
def test_no_knowledge_no_action(control: Control, bucket: Bucket):
    unread = Bucket(bucket.name, bucket.account, bucket.region, aspects={})
    with pytest.raises(Unknown, match="was not read"):
        control.remediation.planned(unread)


@pytest.mark.parametrize("control", RULES)
@given(data=st.data())
def test_a_rule_reads_only_what_it_declares(control: Control, data):
    bucket = data.draw(buckets([aspect.name for aspect in control.rule.reads]))
    read = {aspect.name: bucket[aspect] for aspect in control.rule.reads}
    partial = Bucket(bucket.name, bucket.account, bucket.region, aspects=read)
    assert control.rule.judge(partial) == control.rule.judge(bucket)
