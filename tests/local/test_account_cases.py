"""Every case on the account and its access points, from the drift to the verdict after it."""

import pytest

from bucketward import Bucket
from bucketward.public_access import FLAGS
from bucketward_tools.catalogue import controls
from bucketward_tools.local.events import Denied, Emitted, Evaluated, RemediationEnded
from estate import case_calls, cases
from local.account_story import NOT_TOLD, comparable, find, put_back, resource_of, set_up, told
from local.account_story import written as written_by
from local.case_story import open_case
from local.convergence import store
from local.story import create, of_kind, verdicts

OTHERS = [stem for stem, each in controls().items() if each.rule.subject is not Bucket]
ALL = [
    pytest.param(stem, case, id=f"{stem}: {case['name']}") for stem in OTHERS for case in told(stem)
]
BLOCK = "account_public_access_block"
OFF = {flag: flag != "BlockPublicPolicy" for flag in FLAGS}


@pytest.mark.parametrize(("control", "case"), ALL)
def test_a_case_is_judged_as_it_says_and_put_back(control, case):
    with open_case(control, case) as account:
        set_up(account, control, case)
        find(account, control)
        first = next(
            each
            for each in of_kind(account, Evaluated)
            if each.bucket == resource_of(account, control)
        )
        assert first.compliance == case["compliance"]
        assert comparable(first.annotation) == comparable(case["annotation"])
        if case_calls(case):
            put_back(account, control)
            assert account.compliance(control, resource_of(account, control)) == "COMPLIANT"
            assert {each.status for each in of_kind(account, RemediationEnded)} == {"Success"}
        if "refused" in case:
            ended = of_kind(account, RemediationEnded)
            assert all(case["refused"] in each.failure for each in ended)
        assert of_kind(account, Denied) == []
        assert [
            {each.operation: {k: v for k, v in each.params.items() if k != "AccountId"}}
            for each in written_by(account, control)
        ] == case_calls(case)


def test_a_case_that_is_not_told_is_one_that_there_is():
    for stem, reasons in NOT_TOLD.items():
        assert reasons.keys() < {case["name"] for case in cases(stem)}


@pytest.fixture
def account():
    with open_case(BLOCK, {}) as opened:
        opened.client("s3control").put_public_access_block(
            AccountId=opened.place.account,
            PublicAccessBlockConfiguration=dict.fromkeys(FLAGS, True),
        )
        opened.settle()
        yield opened


def block(account):
    reply = account.client("s3control").get_public_access_block(AccountId=account.place.account)
    return reply["PublicAccessBlockConfiguration"]


def test_a_revert_of_the_account_is_in_the_journal_and_told_on_the_bus(account):
    account.trail.delay = 5.0
    mallory = account.client("s3control", "arn:aws:iam::111122223333:user/mallory")
    mallory.put_public_access_block(
        AccountId=account.place.account, PublicAccessBlockConfiguration=OFF
    )
    account.settle()
    whole = dict.fromkeys(FLAGS, True)
    (entry,) = store(account).records.journal("")
    assert (entry.before, entry.after) == ({BLOCK: OFF}, {BLOCK: whole})
    assert (entry.outcome, entry.calls) == ("done", ("PutPublicAccessBlock",))
    assert "user/mallory" in entry.actor
    (event,) = [
        each.detail for each in of_kind(account, Emitted) if each.detail_type == "Bucketward Revert"
    ]
    assert (event["id"], event["bucket"], event["aspects"]) == (entry.id, None, [BLOCK])
    assert event["title"] == f"{BLOCK} put account {account.place.account} back"
    assert event["commands"] == {"approve": None, "undo": None}


class TestAChangeThatAwsConfigRecords:
    """No schedule comes round here: the item alone wakes the rule."""

    def test_of_the_block_is_put_back(self, account):
        mallory = account.client("s3control", "arn:aws:iam::111122223333:user/mallory")
        mallory.put_public_access_block(
            AccountId=account.place.account, PublicAccessBlockConfiguration=OFF
        )
        account.settle()
        found = verdicts(account, BLOCK, account.place.account)
        assert found == ["COMPLIANT", "NON_COMPLIANT", "COMPLIANT"]
        assert all(block(account).values())

    def test_that_deletes_the_block_is_put_back(self, account):
        account.client("s3control").delete_public_access_block(AccountId=account.place.account)
        account.settle()
        found = verdicts(account, BLOCK, account.place.account)
        assert found == ["COMPLIANT", "NON_COMPLIANT", "COMPLIANT"]
        assert all(block(account).values())

    def test_of_a_trail_is_found(self):
        with open_case("account_cloudtrail_data_events", {}) as account:
            create(account, "trail-bucket")
            account.client("cloudtrail").create_trail(
                Name="audit", S3BucketName="trail-bucket", IsMultiRegionTrail=True
            )
            account.settle()
            found = verdicts(account, "account_cloudtrail_data_events", account.place.account)
            assert found == ["NON_COMPLIANT"]

    def test_that_deletes_an_access_point_withdraws_its_verdict(self):
        control = "access_point_public_access_block"
        with open_case(control, {}) as account:
            set_up(account, control, {"given": {"access_point_public_access_block": OFF}})
            account.settle()
            assert account.compliance(control, "acme-point") == "NON_COMPLIANT"
            account.client("s3control").delete_access_point(
                AccountId=account.place.account, Name="acme-point"
            )
            account.settle()
            assert account.compliance(control, "acme-point") == "NOT_APPLICABLE"

    def test_makes_no_item_while_the_recorder_is_stopped(self, account):
        account.client("config").stop_configuration_recorder(ConfigurationRecorderName="default")
        account.client("s3control").delete_public_access_block(AccountId=account.place.account)
        account.settle()
        assert verdicts(account, BLOCK, account.place.account) == ["COMPLIANT"]
        account.schedule(BLOCK)
        account.settle()
        assert verdicts(account, BLOCK, account.place.account) == [
            *("COMPLIANT", "NON_COMPLIANT")
        ]  # and what puts it back makes no item either
        assert all(block(account).values())


def test_an_access_point_whose_item_is_oversized_is_read_live():
    control = "access_point_public_access_block"
    with open_case(control, {}, oversized_at=100) as account:
        set_up(account, control, {"given": {"access_point_public_access_block": OFF}})
        account.settle()
        assert account.compliance(control, "acme-point") == "NON_COMPLIANT"
        assert ("EvaluatorRole", "s3:GetAccessPoint") in {used[:2] for used in account.used}


def test_each_service_has_a_finding_of_its_own():
    control = "account_detective_services"
    with open_case(control, {}) as account:
        account.client("securityhub").enable_security_hub()
        account.schedule(control)
        account.settle()
        found = {
            part: account.compliance(control, f"{account.place.account}/{part}")
            for part in ("guardduty", "access-analyzer", "macie", "security-hub")
        }
        assert list(found.values()) == [*["NON_COMPLIANT"] * 3, "COMPLIANT"]
        assert account.compliance(control, account.place.account) == "NON_COMPLIANT"


def test_a_selector_that_is_put_in_keeps_every_other_trail_as_it_was():
    control = "account_cloudtrail_data_events"
    with open_case(control, {}) as account:
        case = {"given": {"trails": [{"Name": "audit"}, {"Name": "data", "IsLogging": False}]}}
        set_up(account, control, case)
        find(account, control)
        cloudtrail = account.internal("cloudtrail")
        before = cloudtrail.get_event_selectors(TrailName="data")["EventSelectors"]
        put_back(account, control)
        assert account.compliance(control, account.place.account) == "COMPLIANT"
        assert cloudtrail.get_event_selectors(TrailName="data")["EventSelectors"] == before
        assert len(cloudtrail.get_event_selectors(TrailName="audit")["EventSelectors"]) == 2
