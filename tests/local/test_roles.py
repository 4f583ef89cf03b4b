"""Every permission in the template is needed, and what is missing shows.

Needed: the stories that go well use each action of each role on each of its resources. (What the
monitors need is in test_watching_roles, the notifier in tests/channels/test_delivery.) That a
missing one shows is tried on a control that has one of each kind: what an operator sees (a failed
execution, an alarm, a lost log, a bucket that stays as it is), not only that the account wrote
down a refusal.
"""

from contextlib import contextmanager, suppress
from copy import deepcopy

import pytest

from bucketward import Bucket
from bucketward.public_access import FLAGS
from bucketward_tools.catalogue import controls
from bucketward_tools.local import LocalAccount
from bucketward_tools.local.events import DeadLettered, Denied
from bucketward_tools.local.iam import like
from local import account_story
from local.case_story import bucket_of, open_case, stories, tell
from local.deployment import deploy, prefix, switched_on, template
from local.story import LAKE, create, of_kind, visible

TEMPLATE = template()["Resources"]
REMEDIATED = [stem for stem, control in controls().items() if control.remediation]
OTHERS = [stem for stem, control in controls().items() if control.rule.subject is not Bucket]
POINTS = [stem for stem in OTHERS if not controls()[stem].rule.of_account]
TOLD = [stem for stem in REMEDIATED if stem != "bucket_drift"]
"""Controls whose stories are cases; drift's are in test_watching_roles."""
ELSEWHERE = {"kms:VerifyMac"}
"""What a story with an approved value needs: tests/local/test_restore.py."""
TRACING = {"xray:PutTelemetryRecords", "xray:PutTraceSegments"}
"""What roles have with ``Tracing=true`` only."""
FAILED = "bucket_versioning"
"""The control that loses its permissions, one after the other."""


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


def actions(role):
    return [
        (index, action)
        for index, statement in enumerate(statements(TEMPLATE, role))
        for action in listed(statement["Action"])
    ]


def granted(account, role):
    """Return each action of a role with each resource that its statement names."""
    [found] = [each for each in account.wiring.roles.values() if each.logical_id == role]
    return {
        (action, resource)
        for statement in found.statements
        for action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
    }


def spare(account, role):
    """Return what a role may do and did not."""
    used = {(action, resource) for name, action, resource in account.used if name == role}
    return {
        (action, pattern)
        for action, pattern in granted(account, role)
        if not any(action == did and like(pattern, where) for did, where in used)
    }


@contextmanager
def opened(control, case, then=None):
    def edit(translated):
        # One attempt shows what is missing as well as five do.
        for each in translated["Resources"].values():
            if each["Type"] == "AWS::Config::RemediationConfiguration":
                each["Properties"]["MaximumAutomaticAttempts"] = 1
        if then is not None:
            then(translated)

    # Only for an oversized item a rule asks for the history.
    oversized_at = 1000 if control == FAILED else 256 * 1024
    with open_case(control, case, edit, oversized_at=oversized_at) as account:
        yield account


def stories_of(control):
    return account_story.stories(control) if control in OTHERS else stories(control)


def tell_any(account, control, case):
    told = account_story.tell if control in OTHERS else tell
    told(account, control, case)


def wrong_in(account, control, case):
    of = account_story.resource_of(account, control) if control in OTHERS else bucket_of(case)
    return visible(account, [control], [of])


@pytest.mark.parametrize("control", TOLD)
def test_a_remediation_uses_all_that_it_may_do_and_is_started_by_the_document(control):
    role = f"{prefix(control)}RemediationRole"
    missing = None
    for case in stories_of(control):
        with opened(control, case) as account:
            tell_any(account, control, case)
            assert wrong_in(account, control, case) == set()
            assert of_kind(account, Denied) == []
            missing = spare(account, role) if missing is None else missing & spare(account, role)
            functions = {resource for name, _, resource in account.used if name == "AutomationRole"}
            assert [each.rpartition("-")[2] for each in functions] == [
                f"{prefix(control)}RemediationFunction"
            ]
        missing = {each for each in missing if each[0] not in ELSEWHERE}
        if not missing:
            return
    assert missing == set()


@pytest.fixture(scope="module")
def awake():
    """Let every rule of the catalogue judge something; return the account and what went wrong."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("AWS_ACCESS_KEY_ID", "testing")
        patched.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        # With every item oversized, the rules ask for what it lacks.
        with LocalAccount(parameters=switched_on(), oversized_at=100) as account:
            account.client("guardduty").create_detector(Enable=True)
            wake(account, controls())
            # A notification that fails for good, as one does that AWS Config sends malformed.
            rule = account.wiring.rules[account.rule_name(FAILED)]
            function = account.wiring.function(rule.function_arn)
            account.functions.invoke_asynchronously(function, {"invokingEvent": "{"}, "test")
            account.settle()
            return account, visible(account, [])


def test_every_rule_reports_and_nothing_is_refused(awake):
    account, _ = awake
    assert of_kind(account, Denied) == []
    assert [rule for rule in account.wiring.rules if not reported(account, rule)] == []


def test_the_rules_use_all_that_their_role_may_do(awake):
    account, _ = awake
    assert {action for action, _ in spare(account, "EvaluatorRole")} == ELSEWHERE


def test_a_lost_event_is_kept_and_shows(awake):
    account, wrong = awake
    assert [each.body for each in of_kind(account, DeadLettered)] == [{"invokingEvent": "{"}]
    assert {
        "EvaluationDeadLettersAlarm",
        "EvaluationFailedAlarm",
        "bucketward-BucketVersioningRuleFunction failed",
    } <= wrong


def wake(account, stems):
    create(account, LAKE)
    for control in stems:
        rule = controls()[control].rule
        if rule.of_account or (rule.subject is Bucket and rule.live):
            account.schedule(control)
        elif control in POINTS:
            (part,) = rule.reads
            block = {part.name: dict.fromkeys(FLAGS, True)}
            account_story.set_up(account, control, {"given": block})
    account.settle()


def reported(account, rule):
    resources = LAKE, account.place.account, "acme-point"
    return any(account.compliance(rule, each) != "INSUFFICIENT_DATA" for each in resources)


def without_action(role, index, action):
    def edit(translated):
        statement = statements(translated["Resources"], role)[index]
        statement["Action"] = [each for each in listed(statement["Action"]) if each != action]

    return edit


def play(then):
    """Tell a case with a template that lacks something, and say what went wrong."""
    case = stories(FAILED)[0]
    with opened(FAILED, case, then) as account:
        with suppress(AssertionError):  # not even NON_COMPLIANT
            tell(account, FAILED, case)
        return wrong_in(account, FAILED, case), of_kind(account, Denied)


OWN = {"config:GetResourceConfigHistory", "config:PutEvaluations", "dynamodb:Query"}
OWN |= {"logs:CreateLogStream", "logs:PutLogEvents", "sts:AssumeRole"}
"""What this control's rule needs; its role has the permissions of all the others, too."""
MISSED = [
    (role, index, action)
    for role in ("BucketVersioningRemediationRole", "EvaluatorRole", "AutomationRole")
    for index, action in actions(role)
    if (action in OWN if role == "EvaluatorRole" else action not in ELSEWHERE | TRACING)
]


@pytest.mark.parametrize(
    ("role", "index", "action"), MISSED, ids=[f"{r}-{i}-{a}" for r, i, a in MISSED]
)
def test_without_an_action_something_visibly_fails(role, index, action):
    wrong, denied = play(without_action(role, index, action))
    assert wrong, f"{role} does not need {action}"
    assert {each.action for each in denied} == {action}


def test_without_a_place_to_go_a_lost_event_raises_an_alarm():
    [(index, action)] = [each for each in actions("EvaluatorRole") if each[1].startswith("sqs:")]
    edit = without_action("EvaluatorRole", index, action)
    with deploy([FAILED], {}, edit) as account:
        rule = account.wiring.rules[account.rule_name(FAILED)]
        function = account.wiring.function(rule.function_arn)
        account.functions.invoke_asynchronously(function, {"invokingEvent": "{"}, "test")
        account.settle()
        assert of_kind(account, DeadLettered) == []
        assert f"event of {function.name} lost" in visible(account, [])


@pytest.mark.parametrize(
    "control", [FAILED, "account_public_access_block", "access_point_public_access_block"]
)
def test_without_its_permission_a_rule_never_reports(control):
    kept = [FAILED, *OTHERS]

    def edit(translated):
        del translated["Resources"][f"{prefix(control)}RulePermission"]

    with deploy(kept, switched_on(), edit) as account:
        wake(account, kept)
        (denied,) = {(e.principal, e.resource) for e in of_kind(account, Denied)}
        silent = {rule for rule in account.wiring.rules if not reported(account, rule)}
        assert denied[0] == "config.amazonaws.com"
        assert [account.wiring.rules[rule].function_arn for rule in silent] == [denied[1]]


def test_a_permission_for_another_account_is_none():
    def edit(translated):
        for name in of_type("AWS::Lambda::Permission"):
            translated["Resources"][name]["Properties"]["SourceAccount"] = "999999999999"

    with deploy([FAILED, *OTHERS], switched_on(), edit) as account:
        wake(account, [FAILED, *OTHERS])
        assert not any(reported(account, rule) for rule in account.wiring.rules)


def test_a_role_that_trusts_another_account_only_cannot_run_the_document():
    def edit(translated):
        for role in of_type("AWS::IAM::Role"):
            for statement in statements(translated["Resources"], role):
                if "aws:SourceAccount" in statement.get("Condition", {}).get("StringEquals", {}):
                    statement["Condition"]["StringEquals"]["aws:SourceAccount"] = "999999999999"

    wrong, denied = play(edit)
    assert "RemediationDeadLettersAlarm" in wrong
    assert {each.action for each in denied} == {"sts:AssumeRole"}


def test_a_resource_account_that_is_not_the_buckets_is_refused():
    def edit(translated):
        for statement in statements(translated["Resources"], "BucketVersioningRemediationRole"):
            equals = statement.get("Condition", {}).get("StringEquals", {})
            if "aws:ResourceAccount" in equals:
                equals["aws:ResourceAccount"] = "999999999999"

    _, denied = play(edit)
    assert {each.action for each in denied} == {"s3:GetBucketVersioning"}


def test_without_its_policy_a_queue_takes_no_failed_execution():
    def edit(translated):
        del translated["Resources"]["RemediationDeadLettersPolicy"]
        role = translated["Resources"]["BucketVersioningRemediationRole"]["Properties"]
        role["Policies"] = []

    wrong, denied = play(edit)
    assert "RemediationDeadLettersAlarm" not in wrong
    assert "deliver" in {each.action for each in denied}


def test_enumeration_sees_every_role_and_leaves_the_template_alone():
    before = deepcopy(TEMPLATE)
    assert all(actions(role) for role in of_type("AWS::IAM::Role"))
    assert len(MISSED) >= 20
    without_action(*MISSED[0])({"Resources": deepcopy(TEMPLATE)})
    assert before == TEMPLATE
