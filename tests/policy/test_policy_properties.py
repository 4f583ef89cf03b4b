"""Laws of judging and editing, over any policy and any text at all."""

import json
from copy import deepcopy

from hypothesis import assume, given
from hypothesis import strategies as st

from bucketward.policy import (
    Options,
    PolicyEditError,
    allows_service,
    deny_plaintext,
    effective_exposure,
    judge,
    judge_acl,
    with_statement,
    without_principals,
    without_statements,
)
from bucketward.policy.judgement import VERDICTS
from strategies_policy import AWS_PRINCIPALS, KEYS, OPERATORS, OWNER, POLICIES, VALUES, statements

GRANTS = tuple(name for name in VERDICTS if name != "tls_enforced")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(max_size=3)
            | st.sampled_from(["Statement", "Effect", "Principal", "AWS", "Condition", "Grants"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


def verdicts(document, bucket=None):
    judgement = judge(document, OWNER, bucket)
    assert judgement.valid, judgement.reasons
    return {name: getattr(judgement, name) for name in VERDICTS} | {
        "accounts": judgement.accounts,
        "min_tls": judgement.min_tls,
        "kms_only_puts": judgement.kms_only_puts,
        "wildcard_actions": judgement.wildcard_actions,
    }


def with_statements(policy, changed):
    return {**policy, "Statement": changed}


@given(POLICIES, statements(effects=("Allow",)), st.integers(0, 5))
def test_adding_an_allow_never_makes_a_policy_less_public(policy, allow, at):
    before = verdicts(policy)
    grown = list(policy["Statement"])
    grown.insert(at, allow)
    after = verdicts(with_statements(policy, grown))
    assert all(after[name] >= before[name] for name in GRANTS)
    assert set(after["accounts"]) >= set(before["accounts"])


@given(POLICIES, statements(effects=("Deny",)))
def test_adding_a_deny_never_makes_a_policy_more_public_or_less_strict(policy, deny):
    before = verdicts(policy, "b")
    after = verdicts(with_statements(policy, [*policy["Statement"], deny]), "b")
    assert all(after[name] <= before[name] for name in GRANTS)
    assert after["tls_enforced"] >= before["tls_enforced"]
    assert after["kms_only_puts"] >= before["kms_only_puts"]


@given(POLICIES, st.sampled_from(OPERATORS), KEYS, VALUES)
def test_adding_an_anded_condition_to_an_allow_never_makes_it_more_public(
    policy, operator, key, value
):
    before = verdicts(policy)
    changed = deepcopy(policy["Statement"])
    for statement in changed:
        if statement["Effect"] == "Allow":
            condition = statement.setdefault("Condition", {})
            assume(operator not in condition)
            condition[operator] = {key: value}
    after = verdicts(with_statements(policy, changed))
    assert all(after[name] <= before[name] for name in GRANTS)


@given(POLICIES, st.randoms(use_true_random=False))
def test_order_and_duplicates_never_change_a_verdict(policy, random):
    before = verdicts(policy)
    shuffled = [*policy["Statement"], random.choice(policy["Statement"])]
    random.shuffle(shuffled)
    assert verdicts(with_statements(policy, shuffled)) == before


def respelled(value, change):
    """Wrap texts in lists, or unwrap them, and change the case of what has none."""
    return [value] if isinstance(value, str) else value[0] if len(value) == 1 else change(value)


@given(POLICIES)
def test_case_and_list_wrapping_never_change_a_verdict(policy):
    before = verdicts(policy)
    changed = deepcopy(policy["Statement"])
    for statement in changed:
        for name in ("Action", "NotAction", "Resource", "NotResource"):
            if name in statement:
                statement[name] = respelled(statement[name], lambda x: [*reversed(x), x[0]])
        for name in {"Action", "NotAction"} & statement.keys():
            written = statement[name]
            statement[name] = (
                written.upper() if isinstance(written, str) else [w.swapcase() for w in written]
            )
        for name in {"Principal", "NotPrincipal"} & statement.keys():
            if isinstance(statement[name], dict):
                statement[name] = {
                    kind: respelled(named, lambda x: [*reversed(x), x[0]])
                    for kind, named in reversed(statement[name].items())
                }
        if "Condition" in statement:
            statement["Condition"] = {
                operator: {
                    key.swapcase(): [values] if not isinstance(values, list) else values * 2
                    for key, values in reversed(keys.items())
                }
                for operator, keys in reversed(statement["Condition"].items())
            }
    assert verdicts(with_statements(policy, changed)) == before
    if len(changed) == 1:
        assert verdicts(with_statements(policy, changed[0])) == before


@given(POLICIES)
def test_text_bytes_and_parsed_value_are_judged_alike(policy):
    before = verdicts(policy)
    text = json.dumps(policy, indent=1)
    assert verdicts(text) == before
    assert verdicts(text.encode()) == before


@given(POLICIES)
def test_any_option_makes_a_policy_less_public_never_more(policy):
    public = judge(policy, OWNER).public
    lenient = Options(
        web_identity_pins=True,
        principal_org_paths_pin=True,
        fixed_account_arn_pins=True,
        presence_guard_pins=True,
        mistyped_operator_pins=True,
        large_address_total_pins=True,
    )
    assert judge(policy, OWNER, options=lenient).public <= public
    assert judge(policy, OWNER, options=Options(subtract_denies=False)).public >= public


@given(POLICIES)
def test_statements_named_as_public_are_what_makes_a_policy_public(policy):
    judgement = judge(policy, OWNER)
    assert judgement.public is bool(judgement.public_statements)
    assert judgement.cross_account is bool(judgement.foreign_statements)
    assert judgement.allows_acl_modification is bool(judgement.acl_statements)
    assert set(judgement.public_statements) <= set(judgement.foreign_statements)
    left = without_statements(json.dumps(policy), judgement.foreign_statements)
    assert left is None or not judge(left, OWNER).cross_account
    assert all(reason.endswith(".") and len(reason) <= 256 for reason in judgement.reasons)


@given(JSON | st.text() | st.binary())
def test_nothing_at_all_makes_a_judge_raise(anything):
    for document in (
        anything,
        {"Statement": anything},
        {"Statement": {"Effect": "Allow", "Principal": anything, "Action": "*", "Resource": "*"}},
        {"Statement": {"Effect": "Deny", "NotPrincipal": "*", "Action": anything, "Resource": "*"}},
        {
            "Statement": {
                "Effect": "Allow",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": "*",
                "Condition": {"StringEquals": {"aws:SourceVpc": anything}, "Bool": anything},
            }
        },
    ):
        judgement = judge(document, OWNER, "b")
        assert judgement.valid or judgement.public
        assert judgement.reasons
        assert allows_service(document, service="s", action="s3:A", resource="*") in (True, False)
    acl = judge_acl(anything)
    assert acl.valid or acl.public
    nested = judge_acl({"Grants": [{"Grantee": anything, "Permission": anything}]})
    assert nested.valid or nested.public
    assert effective_exposure(judgement, acl, block=None, ownership=None).reasons


@given(POLICIES, st.data())
def test_removing_statements_leaves_the_rest_as_it_was(policy, data):
    text = json.dumps(policy, indent=data.draw(st.sampled_from([None, 0, 2])))
    count = len(policy["Statement"])
    indices = data.draw(st.sets(st.integers(0, count - 1)))
    edited = without_statements(text, indices)
    kept = [s for index, s in enumerate(policy["Statement"]) if index not in indices]
    if not kept:
        assert edited is None
        return
    assert json.dumps(json.loads(edited)) == json.dumps(with_statements(policy, kept))
    assert indices or edited == text


@given(POLICIES, st.data())
def test_adding_a_statement_is_idempotent_and_keeps_the_others(policy, data):
    text = json.dumps(policy, indent=data.draw(st.sampled_from([None, 0, 2])))
    added = {**deny_plaintext("arn:aws:s3:::b"), "Sid": data.draw(st.sampled_from(["A", "new"]))}
    same = [s for s in policy["Statement"] if s.get("Sid") == added["Sid"]]
    if len(same) > 1:
        try:
            with_statement(text, added)
        except PolicyEditError:
            return
        raise AssertionError("two statements of one Sid were not refused")
    once = with_statement(text, added)
    assert with_statement(once, added) == once
    expected = [added if s in same else s for s in policy["Statement"]]
    expected += [] if same else [added]
    assert json.loads(once) == with_statements(policy, expected)
    assert judge(once, bucket="b").tls_enforced


@given(
    POLICIES,
    st.lists(st.sampled_from(AWS_PRINCIPALS), min_size=1, max_size=3),
    st.dictionaries(st.just("Service"), st.just("s3.amazonaws.com")),
    st.data(),
)
def test_removing_principals_touches_that_element_alone(policy, names, others, data):
    index = len(policy["Statement"])
    allow = {"Principal": {"AWS": names, **others}, "Effect": "Allow"}
    policy = with_statements(policy, [*policy["Statement"], allow])
    name = data.draw(st.sampled_from(names))
    edited = without_principals(json.dumps(policy), {index: [name]})
    expected = deepcopy(policy)
    principal = expected["Statement"][index]["Principal"]
    principal["AWS"] = [other for other in principal["AWS"] if other != name]
    if not principal["AWS"]:
        del principal["AWS"]
    if not principal:
        del expected["Statement"][index]
    assert json.loads(edited) == expected
