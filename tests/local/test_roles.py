"""Every permission in the template is needed: without any one of them something visibly fails.

What is asserted is what an operator sees (a failed execution, an alarm, a lost log, a bucket that
stays as it is), not only that the account wrote down a refusal.
"""

from copy import deepcopy

import pytest

from bucketward_tools.catalogue import ROOT
from bucketward_tools.local import LocalAccount, sam
from bucketward_tools.local.events import DeadLettered, Denied
from local.story import (
    DRIFTS,
    LAKE,
    PARAMETERS,
    build,
    compliance,
    create,
    drift,
    of_kind,
    visible,
)

TEMPLATE = sam.translated(ROOT / "template.yaml", "eu-central-1")["Resources"]
POISON = "acme-poison"


def unchanged(translated):
    """Deploy the template as shipped."""


def listed(value):
    return value if isinstance(value, list) else [value]


def of_type(kind):
    return [name for name, each in TEMPLATE.items() if each["Type"] == kind]


def statements(resources, role):
    properties = resources[role]["Properties"]
    documents = [policy["PolicyDocument"] for policy in properties.get("Policies", ())]
    return [
        statement
        for document in [*documents, properties["AssumeRolePolicyDocument"]]
        for statement in document["Statement"]
    ]


PERMISSIONS = [
    (role, index, action)
    for role in of_type("AWS::IAM::Role")
    for index, statement in enumerate(statements(TEMPLATE, role))
    for action in listed(statement["Action"])
]
RESOURCES = [
    (role, index, number)
    for role in of_type("AWS::IAM::Role")
    for index, statement in enumerate(statements(TEMPLATE, role))
    if len(listed(statement.get("Resource"))) > 1
    for number in range(len(statement["Resource"]))
]


def without_action(role, index, action):
    def edit(translated):
        statement = statements(translated["Resources"], role)[index]
        statement["Action"] = [each for each in listed(statement["Action"]) if each != action]

    return edit


def without_resource(role, index, number):
    def edit(translated):
        del statements(translated["Resources"], role)[index]["Resource"][number]

    return edit


def control_of(role):
    """Return the control whose function the role is of; any control for a shared role."""
    for each in TEMPLATE.values():
        properties = each.get("Properties", {})
        if properties.get("Role") == {"Fn::GetAtt": [role, "Arn"]}:
            module, _, attribute = properties["Handler"].partition(".")
            if attribute == "remediation":
                return module
    return "bucket_versioning"


def play(control, edit=unchanged):
    """Use every permission that the roles of one control have, and say what went wrong."""
    # Items of the lake are oversized, since only for them the history is asked by a rule.
    with LocalAccount(parameters=PARAMETERS, oversized_at=1000, edit=edit) as account:
        build(account)
        drift(control).change(account.client("s3"))
        account.settle()
        return visible(account), of_kind(account, Denied)


def play_poison(edit=unchanged):
    """Let a notification fail for good, as one does that AWS Config sends malformed."""
    with LocalAccount(parameters=PARAMETERS, edit=edit) as account:
        rule = account.wiring.rules[account.rule_name("bucket_versioning")]
        function = account.wiring.function(rule.function_arn)
        account.functions.invoke_asynchronously(function, {"invokingEvent": "{"}, "test")
        account.settle()
        return visible(account), of_kind(account, DeadLettered)


CONTROLS = sorted({control_of(role) for role in of_type("AWS::IAM::Role")})


@pytest.mark.parametrize("control", CONTROLS)
def test_with_the_roles_as_shipped_nothing_is_refused(control):
    assert play(control) == (set(), [])


def test_with_the_roles_as_shipped_a_lost_event_is_kept():
    wrong, kept = play_poison()
    assert len(kept) == 1
    assert wrong == {
        "EvaluationDeadLettersAlarm",
        "EvaluationFailedAlarm",
        "bucketward-BucketVersioningRuleFunction failed",
    }


@pytest.mark.parametrize(
    ("role", "index", "action"), PERMISSIONS, ids=[f"{r}-{i}-{a}" for r, i, a in PERMISSIONS]
)
def test_without_any_one_action_something_visibly_fails(role, index, action):
    edit = without_action(role, index, action)
    if action.startswith("sqs:"):
        wrong, kept = play_poison(edit)
        assert kept == []
        assert any(each.startswith("event of") and each.endswith("lost") for each in wrong)
        return
    wrong, denied = play(control_of(role), edit)
    assert wrong, f"{role} does not need {action}"
    assert {each.action for each in denied} == {action}


@pytest.mark.parametrize(("role", "index", "number"), RESOURCES)
def test_without_any_one_resource_something_visibly_fails(role, index, number):
    edit = without_resource(role, index, number)
    with LocalAccount(parameters=PARAMETERS, edit=edit) as account:
        build(account)
        for each in DRIFTS:
            each.change(account.client("s3"))
        account.settle()
        states = compliance(account)
    assert list(states.values()).count("NON_COMPLIANT") == 1


@pytest.mark.parametrize("permission", of_type("AWS::Lambda::Permission"))
def test_without_its_permission_a_rule_never_reports(permission):
    def edit(translated):
        del translated["Resources"][permission]

    with LocalAccount(edit=edit) as account:
        create(account, LAKE)
        account.settle()
        (denied,) = {(e.principal, e.resource) for e in of_kind(account, Denied)}
        silent = {rule for rule in account.wiring.rules if not reported(account, rule)}
        assert denied[0] == "config.amazonaws.com"
        assert [account.wiring.rules[rule].function_arn for rule in silent] == [denied[1]]


def reported(account, rule):
    return account.compliance(rule, LAKE) != "INSUFFICIENT_DATA"


def test_a_permission_for_another_account_is_none():
    def edit(translated):
        for name in of_type("AWS::Lambda::Permission"):
            translated["Resources"][name]["Properties"]["SourceAccount"] = "999999999999"

    with LocalAccount(edit=edit) as account:
        create(account, LAKE)
        account.settle()
        assert not any(reported(account, rule) for rule in account.wiring.rules)


def test_a_role_that_trusts_another_account_only_cannot_run_the_document():
    def edit(translated):
        for role in of_type("AWS::IAM::Role"):
            for statement in statements(translated["Resources"], role):
                if "aws:SourceAccount" in statement.get("Condition", {}).get("StringEquals", {}):
                    statement["Condition"]["StringEquals"]["aws:SourceAccount"] = "999999999999"

    wrong, denied = play("bucket_versioning", edit)
    assert "RemediationDeadLettersAlarm" in wrong
    assert {each.action for each in denied} == {"sts:AssumeRole"}


def test_a_resource_account_that_is_not_the_buckets_is_refused():
    def edit(translated):
        for role in of_type("AWS::IAM::Role"):
            for statement in statements(translated["Resources"], role):
                equals = statement.get("Condition", {}).get("StringEquals", {})
                if "aws:ResourceAccount" in equals:
                    equals["aws:ResourceAccount"] = "999999999999"

    _, denied = play("bucket_versioning", edit)
    assert {each.action for each in denied} == {"s3:GetBucketVersioning"}


@pytest.mark.parametrize("policy", of_type("AWS::SQS::QueuePolicy"))
def test_without_its_policy_a_queue_takes_no_failed_execution(policy):
    def edit(translated):
        del translated["Resources"][policy]
        role = translated["Resources"]["BucketVersioningRemediationRole"]["Properties"]
        role["Policies"] = []

    wrong, denied = play("bucket_versioning", edit)
    assert "RemediationDeadLettersAlarm" not in wrong
    assert "deliver" in {each.action for each in denied}


def test_enumeration_sees_every_role_and_leaves_the_template_alone():
    assert len({role for role, _, _ in PERMISSIONS}) == len(of_type("AWS::IAM::Role")) >= 6
    assert len(PERMISSIONS) > 30
    before = deepcopy(TEMPLATE)
    without_action(*PERMISSIONS[0])({"Resources": deepcopy(TEMPLATE)})
    assert before == TEMPLATE
