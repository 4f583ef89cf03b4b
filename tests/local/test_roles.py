"""Every permission in the template is needed: without any one of them something visibly fails.

What is asserted is what an operator sees (a failed execution, an alarm, a lost log, a bucket that
stays as it is), not only that the account wrote down a refusal.
"""

import json
from contextlib import suppress
from copy import deepcopy
from functools import cache

import pytest

from bucketward import Bucket
from bucketward.public_access import FLAGS
from bucketward_tools.catalogue import controls
from bucketward_tools.local import LocalAccount
from bucketward_tools.local.events import DeadLettered, Denied
from local import account_story
from local.case_story import bucket_of, open_case, stories, tell
from local.deployment import deploy, prefix, switched_on, template
from local.story import LAKE, create, of_kind, visible

TEMPLATE = template()["Resources"]
REMEDIATED = [stem for stem, control in controls().items() if control.remediation]
OTHERS = [stem for stem, control in controls().items() if control.rule.subject is not Bucket]
POINTS = [stem for stem in OTHERS if not controls()[stem].rule.of_account]
SHARED = [
    "bucket_versioning",
    *(stem for stem in REMEDIATED if controls()[stem].rule.live),
    *OTHERS,
]
"""Controls whose stories need all that the roles have which no control has for itself."""


def listed(value):
    return value if isinstance(value, list) else [value]


def of_type(kind):
    return [name for name, each in TEMPLATE.items() if each["Type"] == kind]


def statements(resources, role):
    properties = resources[role]["Properties"]
    documents = [policy["PolicyDocument"] for policy in properties.get("Policies", ())]
    return [
        # What the stack's parameters decide on, as where they want it.
        statement["Fn::If"][1] if "Fn::If" in statement else statement
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
    """Return the control whose remediation the role is of, None for a role that they share."""
    control = role.removesuffix("RemediationRole")
    return next((each for each in REMEDIATED if prefix(each) == control), None)


@cache
def used(control, number):
    """Tell a case with the roles as shipped: nothing goes wrong; return what they needed."""
    with tellable(control, number) as account:
        tell_any(account, control, number)
        assert wrong_in(account, control, number) == set()
        assert of_kind(account, Denied) == []
        return account.used


def tellable(control, number, then=None):
    def edit(translated):
        # One attempt shows what is missing as well as five do.
        for each in translated["Resources"].values():
            if each["Type"] == "AWS::Config::RemediationConfiguration":
                each["Properties"]["MaximumAutomaticAttempts"] = 1
        if then is not None:
            then(translated)

    # Only for an oversized item a rule asks for the history, or for an access point's flags.
    oversized_at = {SHARED[0]: 1000, **dict.fromkeys(POINTS, 100)}.get(control, 256 * 1024)
    return open_case(control, stories_of(control)[number], edit, oversized_at=oversized_at)


def stories_of(control):
    return account_story.stories(control) if control in OTHERS else stories(control)


def tell_any(account, control, number):
    told = account_story.tell if control in OTHERS else tell
    told(account, control, stories_of(control)[number])


def wrong_in(account, control, number):
    if control in OTHERS:
        return visible(account, [control], [account_story.resource_of(account, control)])
    return visible(account, [control], [bucket_of(stories(control)[number])])


def play(control, number, then=None):
    """Tell a case with a template that lacks something, and say what went wrong."""
    with tellable(control, number, then) as account:
        with suppress(AssertionError):  # not even NON_COMPLIANT
            tell_any(account, control, number)
        return wrong_in(account, control, number), of_kind(account, Denied)


def story_of(role, action):
    """Return a story that needs the action of the role, one of the role's own control."""
    own = control_of(role)
    for control in [own] if own else SHARED:
        for number in range(len(stories_of(control))):
            if (role, action) in used(control, number):
                return control, number
    return None


def play_poison(then=None):
    """Let a notification fail for good, as one does that AWS Config sends malformed."""
    with deploy(["bucket_versioning"], {}, then) as account:
        rule = account.wiring.rules[account.rule_name("bucket_versioning")]
        function = account.wiring.function(rule.function_arn)
        account.functions.invoke_asynchronously(function, {"invokingEvent": "{"}, "test")
        account.settle()
        return visible(account, []), of_kind(account, DeadLettered)


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
    story = ("bucket_versioning", 0)
    if action != "sts:AssumeRole":
        story = story_of(role, action)
    elif control_of(role):
        story = (control_of(role), 0)
    assert story, f"no case needs {action} of {role}"
    wrong, denied = play(*story, edit)
    assert wrong, f"{role} does not need {action}"
    assert {each.action for each in denied} == {action}


@pytest.mark.parametrize(("role", "index", "number"), RESOURCES)
def test_without_any_one_resource_something_visibly_fails(role, index, number):
    resource = statements(TEMPLATE, role)[index]["Resource"][number]
    control = next(
        each
        for each in REMEDIATED
        if f'"{prefix(each)}RemediationFunction"' in json.dumps(resource)
    )
    wrong, denied = play(control, 0, without_resource(role, index, number))
    assert wrong
    assert len({each.resource for each in denied}) == 1


@pytest.mark.parametrize("permission", of_type("AWS::Lambda::Permission"))
def test_without_its_permission_a_rule_never_reports(permission):
    def edit(translated):
        del translated["Resources"][permission]

    with LocalAccount(parameters=switched_on(), edit=edit) as account:
        wake_every_rule(account)
        (denied,) = {(e.principal, e.resource) for e in of_kind(account, Denied)}
        silent = {rule for rule in account.wiring.rules if not reported(account, rule)}
        assert denied[0] == "config.amazonaws.com"
        assert [account.wiring.rules[rule].function_arn for rule in silent] == [denied[1]]


def wake_every_rule(account):
    create(account, LAKE)
    for control in OTHERS:
        rule = controls()[control].rule
        if rule.of_account:
            account.schedule(control)
        else:
            (part,) = rule.reads
            block = {part.name: dict.fromkeys(FLAGS, True)}
            account_story.set_up(account, control, {"given": block})
    account.settle()


def reported(account, rule):
    resources = LAKE, account.place.account, "acme-point"
    return any(account.compliance(rule, each) != "INSUFFICIENT_DATA" for each in resources)


def test_a_permission_for_another_account_is_none():
    def edit(translated):
        for name in of_type("AWS::Lambda::Permission"):
            translated["Resources"][name]["Properties"]["SourceAccount"] = "999999999999"

    with LocalAccount(parameters=switched_on(), edit=edit) as account:
        wake_every_rule(account)
        assert not any(reported(account, rule) for rule in account.wiring.rules)


def test_a_role_that_trusts_another_account_only_cannot_run_the_document():
    def edit(translated):
        for role in of_type("AWS::IAM::Role"):
            for statement in statements(translated["Resources"], role):
                if "aws:SourceAccount" in statement.get("Condition", {}).get("StringEquals", {}):
                    statement["Condition"]["StringEquals"]["aws:SourceAccount"] = "999999999999"

    wrong, denied = play("bucket_versioning", 0, edit)
    assert "RemediationDeadLettersAlarm" in wrong
    assert {each.action for each in denied} == {"sts:AssumeRole"}


def test_a_resource_account_that_is_not_the_buckets_is_refused():
    def edit(translated):
        for role in of_type("AWS::IAM::Role"):
            for statement in statements(translated["Resources"], role):
                equals = statement.get("Condition", {}).get("StringEquals", {})
                if "aws:ResourceAccount" in equals:
                    equals["aws:ResourceAccount"] = "999999999999"

    _, denied = play("bucket_versioning", 0, edit)
    assert {each.action for each in denied} == {"s3:GetBucketVersioning"}


@pytest.mark.parametrize("policy", of_type("AWS::SQS::QueuePolicy"))
def test_without_its_policy_a_queue_takes_no_failed_execution(policy):
    def edit(translated):
        del translated["Resources"][policy]
        role = translated["Resources"]["BucketVersioningRemediationRole"]["Properties"]
        role["Policies"] = []

    wrong, denied = play("bucket_versioning", 0, edit)
    assert "RemediationDeadLettersAlarm" not in wrong
    assert "deliver" in {each.action for each in denied}


def test_enumeration_sees_every_role_and_leaves_the_template_alone():
    assert len({role for role, _, _ in PERMISSIONS}) == len(of_type("AWS::IAM::Role")) >= 6
    assert len(PERMISSIONS) > 30
    before = deepcopy(TEMPLATE)
    without_action(*PERMISSIONS[0])({"Resources": deepcopy(TEMPLATE)})
    assert before == TEMPLATE
