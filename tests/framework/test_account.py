"""Rules on the account and its access points under the real rdklib, and how AWS is read."""

import json

import pytest
from botocore.exceptions import ClientError

from bucketward import BadInput, _account, _aws
from bucketward.account import (
    ACCOUNT_BLOCK,
    ALARMS,
    DETECTORS,
    MACIE,
    SECURITY_HUB,
    SUBSCRIPTIONS,
    TRAILS,
    AccessPoint,
    Account,
    MultiRegionAccessPoint,
    access_point,
)
from bucketward.errors import AccessPointNotFound, EvaluationLost, RemediationFailed
from bucketward.public_access import FLAGS
from bucketward_tools.catalogue import control
from framework.logs import metrics
from framework.samples import ACCOUNT, CAPTURED, REGION, change, envelop, oversized, without

BLOCK, POINT = "account_public_access_block", "access_point_public_access_block"
ALL_ON = dict.fromkeys(FLAGS, True)
CREATED = "2026-03-04T05:00:00.000Z"
OURS = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/audit"
THEIRS = "arn:aws:cloudtrail:us-east-1:444455556666:trail/org"


def item(kind, name, status="OK", **configuration):
    return {
        "configuration": configuration or None,
        "supplementaryConfiguration": {},
        "configurationItemVersion": "1.3",
        "configurationItemCaptureTime": CAPTURED,
        "configurationStateId": 1,
        "awsAccountId": ACCOUNT,
        "configurationItemStatus": status,
        "resourceType": kind,
        "resourceId": name,
        "resourceName": name,
        "ARN": f"arn:aws:s3:{REGION}:{ACCOUNT}:accesspoint/{name}",
        "awsRegion": REGION,
        "availabilityZone": "Not Applicable",
        "configurationStateMd5Hash": "",
        "resourceCreationTime": None,
    }


def block_item(status="OK"):
    return item("AWS::S3::AccountPublicAccessBlock", ACCOUNT, status)


def point_item(kind=AccessPoint, status="OK", **flags):
    given = {"PublicAccessBlockConfiguration": flags} if flags else {}
    return item(kind.TYPE, "acme-point", status, **given)


def schedule(**envelope):
    message = {"messageType": "ScheduledNotification", "notificationCreationTime": CREATED}
    return envelop({"awsAccountId": ACCOUNT, **message}, **envelope)


@pytest.fixture
def accepted(aws):
    aws.answers["PutEvaluations"] = {"FailedEvaluations": []}
    aws.answers["GetPublicAccessBlock"] = {"PublicAccessBlockConfiguration": ALL_ON}
    return aws


def evaluations(aws):
    return [each for given in aws.parameters("PutEvaluations") for each in given["Evaluations"]]


class TestTheAccount:
    rule = control(BLOCK).rule

    @pytest.mark.parametrize(
        ("event", "moment"),
        [
            (schedule(), "2026-03-04T05:00:00"),
            (change(block_item()), "2026-03-04T05:06:07.890"),
            (change(block_item("ResourceDeleted")), "2026-03-04T05:06:07.890"),
            (oversized(block_item()), "2026-03-04T05:06:07.890"),
        ],
    )
    def test_is_read_live_and_reported_with_the_time_of_what_woke_the_rule(
        self, accepted, context, event, moment
    ):
        self.rule(event, context)

        (found,) = evaluations(accepted)
        assert found.pop("OrderingTimestamp").startswith(moment)
        assert found == {
            "ComplianceResourceType": "AWS::::Account",
            "ComplianceResourceId": ACCOUNT,
            "ComplianceType": "COMPLIANT",
            "Annotation": "The account's public access block has all four flags on.",
        }
        assert accepted.parameters("GetPublicAccessBlock") == [{"AccountId": ACCOUNT}]

    def test_whose_block_was_deleted_is_not_compliant(self, accepted, context, printed):
        accepted.answers["GetPublicAccessBlock"] = "NoSuchPublicAccessBlockConfiguration"
        reported = self.rule(change(block_item("ResourceDeleted")), context)

        assert reported["compliance"] == "NON_COMPLIANT"
        assert reported["resource_id"] == ACCOUNT
        assert ("Evaluated", BLOCK) in metrics(printed())

    def test_is_reported_again_where_the_event_comes_twice(self, accepted, context):
        self.rule(change(block_item()), context)
        self.rule(change(block_item()), context)

        first, second = evaluations(accepted)
        assert first == second

    @pytest.mark.parametrize("name", ["accountId", "resultToken"])
    def test_of_an_event_that_lacks_it_is_lost_loudly(self, accepted, context, printed, name):
        with pytest.raises(BadInput, match="no resultToken or no accountId"):
            self.rule(without(schedule(), name), context)
        assert accepted.operations("config", "s3control") == []
        assert ("EvaluationFailed", BLOCK) in metrics(printed())

    @pytest.mark.parametrize("code", ["AccessDenied", "InternalError"])
    def test_that_cannot_be_read_is_neither_compliant_nor_not(
        self, accepted, context, printed, code
    ):
        accepted.answers["GetPublicAccessBlock"] = code
        with pytest.raises(EvaluationLost, match=f"{BLOCK} could not read account {ACCOUNT}"):
            self.rule(schedule(), context)
        assert accepted.operations("config") == []
        assert ("EvaluationFailed", BLOCK) in metrics(printed())

    def test_whose_verdict_is_refused_is_lost_loudly(self, accepted, context, printed):
        refused = {"ComplianceResourceId": ACCOUNT}
        accepted.answers["PutEvaluations"] = {"FailedEvaluations": [refused]}
        with pytest.raises(EvaluationLost, match=f"refused the evaluations of {ACCOUNT}"):
            self.rule(schedule(), context)
        assert ("EvaluationFailed", BLOCK) in metrics(printed())

    def test_has_one_evaluation_more_for_each_part(self, accepted, context):
        accepted.answers |= {
            "ListDetectors": {"DetectorIds": []},
            "ListAnalyzers": {"analyzers": []},
            "GetMacieSession": {"status": "ENABLED"},
            "DescribeHub": "InvalidAccessException",
        }
        control("account_detective_services").rule(schedule(), context)

        (request,) = accepted.parameters("PutEvaluations")
        found = request["Evaluations"]
        assert {each["ComplianceResourceType"] for each in found} == {"AWS::::Account"}
        assert [(each["ComplianceResourceId"], each["ComplianceType"]) for each in found] == [
            (ACCOUNT, "NON_COMPLIANT"),
            (f"{ACCOUNT}/guardduty", "NON_COMPLIANT"),
            (f"{ACCOUNT}/access-analyzer", "NON_COMPLIANT"),
            (f"{ACCOUNT}/macie", "COMPLIANT"),
            (f"{ACCOUNT}/security-hub", "NON_COMPLIANT"),
        ]


class TestAnAccessPoint:
    @pytest.mark.parametrize("kind", [AccessPoint, MultiRegionAccessPoint])
    def test_is_judged_by_its_item_alone(self, accepted, context, kind):
        stem = POINT if kind is AccessPoint else f"multi_region_{POINT}"
        control(stem).rule(change(point_item(kind, **ALL_ON)), context)
        (found,) = evaluations(accepted)
        assert (found["ComplianceResourceType"], found["ComplianceType"]) == (
            kind.TYPE,
            "COMPLIANT",
        )
        assert accepted.operations("s3control") == []

    @pytest.mark.parametrize("source", [change(point_item()), oversized(point_item(**ALL_ON))])
    def test_whose_item_lacks_the_flags_is_read_live(self, accepted, context, source):
        off = {**ALL_ON, "BlockPublicAcls": False}
        accepted.answers["GetAccessPoint"] = {"PublicAccessBlockConfiguration": off}
        reported = control(POINT).rule(source, context)

        assert reported["compliance"] == "NON_COMPLIANT"
        assert accepted.parameters("GetAccessPoint") == [
            {"AccountId": ACCOUNT, "Name": "acme-point"}
        ]
        assert accepted.operations("config") == ["PutEvaluations"]  # no history is asked for

    def test_of_many_regions_is_read_where_their_control_plane_is(self, accepted, context):
        accepted.answers["GetMultiRegionAccessPoint"] = {
            "AccessPoint": {"Name": "acme-point", "PublicAccessBlock": ALL_ON}
        }
        rule = control(f"multi_region_{POINT}").rule
        reported = rule(change(point_item(MultiRegionAccessPoint)), context)

        assert reported["compliance"] == "COMPLIANT"
        assert ("s3control", "us-west-2") in accepted.clients

    @pytest.mark.parametrize(
        ("kind", "operation", "code"),
        [
            (AccessPoint, "GetAccessPoint", "NoSuchAccessPoint"),
            (MultiRegionAccessPoint, "GetMultiRegionAccessPoint", "NoSuchMultiRegionAccessPoint"),
        ],
    )
    def test_that_is_gone_meanwhile_is_not_applicable(
        self, accepted, context, kind, operation, code
    ):
        accepted.answers[operation] = code
        stem = POINT if kind is AccessPoint else f"multi_region_{POINT}"
        reported = control(stem).rule(change(point_item(kind)), context)
        assert reported["compliance"] == "NOT_APPLICABLE"

    def test_that_was_deleted_is_not_applicable(self, accepted, context):
        event = change(point_item(status="ResourceDeleted"))
        assert control(POINT).rule(event, context)["compliance"] == "NOT_APPLICABLE"
        assert accepted.operations("s3control") == []

    def test_that_may_not_be_read_is_lost_loudly(self, accepted, context, printed):
        accepted.answers["GetAccessPoint"] = "AccessDenied"
        with pytest.raises(EvaluationLost, match=f"{POINT} failed on acme-point"):
            control(POINT).rule(change(point_item()), context)
        assert ("EvaluationFailed", POINT) in metrics(printed())

    def test_of_the_other_kind_is_not_applicable(self, accepted, context):
        event = change(point_item(MultiRegionAccessPoint, **ALL_ON))
        assert control(POINT).rule(event, context)["compliance"] == "NOT_APPLICABLE"

    def test_is_read_in_the_history_apis_form_too(self):
        source = point_item(**ALL_ON)
        text = json.dumps(source["configuration"])
        kept = {key: each for key, each in source.items() if key not in {"ARN", "awsAccountId"}}
        told = {**kept, "configuration": text, "accountId": ACCOUNT, "arn": source["ARN"]}
        assert access_point(told, AccessPoint) == access_point(source, AccessPoint)

    @pytest.mark.parametrize(
        ("changed", "reason"),
        [
            ({"configuration": "{"}, "not JSON"),
            ({"resourceType": "AWS::S3::Bucket"}, "expected AWS::S3::AccessPoint"),
            ({"resourceName": None, "resourceId": ""}, "resourceId is missing"),
        ],
    )
    def test_whose_item_is_malformed_is_refused_in_one_sentence(self, changed, reason):
        with pytest.raises(BadInput, match=reason):
            access_point({**point_item(**ALL_ON), **changed}, AccessPoint)

    def test_that_does_not_exist_raises_by_name(self, accepted):
        accepted.answers["GetAccessPoint"] = "NoSuchAccessPoint"
        with pytest.raises(AccessPointNotFound, match="access point acme-point does not exist"):
            _account.read_access_point(AccessPoint("acme-point", ACCOUNT, REGION))


def read(*facts):
    return _account.read_account(ACCOUNT, REGION, facts)


class TestReadingAFact:
    def test_of_trails_asks_each_in_its_own_region(self, aws):
        aws.answers |= {
            "DescribeTrails": {
                "trailList": [
                    {"Name": "audit", "TrailARN": OURS, "HomeRegion": "us-east-1", "KmsKeyId": "k"}
                ]
            },
            "GetTrailStatus": {"IsLogging": True, "LatestDeliveryTime": 1},
            "GetEventSelectors": {"TrailARN": OURS, "EventSelectors": [{"ReadWriteType": "All"}]},
        }
        assert read(TRAILS)[TRAILS] == [
            {
                "Name": "audit",
                "TrailARN": OURS,
                "HomeRegion": "us-east-1",
                "IsLogging": True,
                "EventSelectors": [{"ReadWriteType": "All"}],
                "AdvancedEventSelectors": [],
            }
        ]
        regions = [region for service, region in aws.clients if service == "cloudtrail"]
        assert regions == [REGION, "us-east-1", "us-east-1"]

    @pytest.mark.parametrize("code", ["TrailNotFoundException", "CloudTrailARNInvalidException"])
    @pytest.mark.parametrize("operation", ["GetTrailStatus", "GetEventSelectors"])
    def test_of_the_organizations_trail_leaves_unread_what_is_not_told(self, aws, operation, code):
        trail = {"Name": "org", "TrailARN": THEIRS, "IsMultiRegionTrail": True}
        aws.answers |= {
            "DescribeTrails": {"trailList": [trail]},
            "GetTrailStatus": {"IsLogging": True},
            operation: code,
        }
        assert read(TRAILS)[TRAILS] == [trail]

    @pytest.mark.parametrize(
        ("arn", "code"), [(OURS, "TrailNotFoundException"), (THEIRS, "AccessDeniedException")]
    )
    def test_of_trails_raises_whatever_else_is_refused(self, aws, arn, code):
        aws.answers |= {
            "DescribeTrails": {"trailList": [{"Name": "audit", "TrailARN": arn}]},
            "GetTrailStatus": code,
        }
        with pytest.raises(ClientError, match=code):
            read(TRAILS)

    def test_of_alarms_leaves_out_what_changes_by_the_minute(self, aws):
        alarm = {"AlarmName": "a", "ActionsEnabled": True, "AlarmActions": []}
        state = {"StateValue": "ALARM", "StateUpdatedTimestamp": 1}
        aws.answers["DescribeAlarms"] = {"MetricAlarms": [alarm | state]}
        assert read(ALARMS)[ALARMS] == [alarm]

    def test_of_detectors_keeps_names_and_states(self, aws):
        feature = {"Name": "S3_DATA_EVENTS", "Status": "ENABLED"}
        aws.answers |= {
            "ListDetectors": {"DetectorIds": ["d"]},
            "GetDetector": {"Status": "ENABLED", "Features": [{**feature, "UpdatedAt": 1}]},
        }
        expected = {"DetectorId": "d", "Status": "ENABLED", "Features": [feature]}
        assert read(DETECTORS)[DETECTORS] == [expected]

    def test_of_macie_tells_off_from_forbidden(self, aws):
        def error(message):
            detail = {"Error": {"Code": "AccessDeniedException", "Message": message}}
            return ClientError(detail, "GetMacieSession")

        aws.answers["GetMacieSession"] = lambda _: error("Macie is not enabled.")
        assert read(MACIE)[MACIE] is None
        aws.answers["GetMacieSession"] = lambda _: error("User is not authorized")
        with pytest.raises(ClientError, match="not authorized"):
            read(MACIE)

    @pytest.mark.parametrize("code", ["InvalidAccessException", "ResourceNotFoundException"])
    def test_of_security_hub_is_none_where_it_is_off(self, aws, code):
        aws.answers["DescribeHub"] = code
        assert read(SECURITY_HUB)[SECURITY_HUB] is None

    def test_of_security_hub_raises_where_it_is_forbidden(self, aws):
        aws.answers["DescribeHub"] = "AccessDeniedException"
        with pytest.raises(ClientError):
            read(SECURITY_HUB)

    def test_reads_no_other_fact(self, accepted):
        account = read(ACCOUNT_BLOCK)
        assert accepted.operations() == ["GetPublicAccessBlock"]
        assert list(account.aspects) == [ACCOUNT_BLOCK.name]


class TestACustomEndpoint:
    @pytest.fixture
    def asked(self, monkeypatch):
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")

        def ask(endpoint):
            if endpoint:
                monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
            _aws.client.cache_clear()
            client, urls = _aws.client("s3control", REGION), []

            def note(request, **_):
                urls.append(request.url)
                raise InterruptedError

            client.meta.events.register_first("before-send", note)
            with pytest.raises(InterruptedError):
                client.get_public_access_block(AccountId=ACCOUNT)
            return urls[0].removesuffix("/v20180820/configuration/publicAccessBlock")

        yield ask
        _aws.client.cache_clear()

    @pytest.mark.parametrize(
        ("endpoint", "address"),
        [
            ("", f"https://{ACCOUNT}.s3-control.{REGION}.amazonaws.com"),
            ("http://127.0.0.1:5000", "http://127.0.0.1:5000"),
            ("http://moto:5000", "http://moto:5000"),
            (
                "https://control.vpce-1-2.s3.eu-central-1.vpce.amazonaws.com",
                f"https://{ACCOUNT}.control.vpce-1-2.s3.eu-central-1.vpce.amazonaws.com",
            ),
        ],
    )
    def test_is_called_by_its_own_name_and_awss_by_the_accounts(self, asked, endpoint, address):
        assert asked(endpoint) == address


class TestARemediationOfTheAccount:
    remediation = control(BLOCK).remediation

    def test_turns_the_flags_on_and_says_what_they_were(self, accepted, context):
        now = {**ALL_ON, "BlockPublicAcls": False}

        def put(given):
            now.update(given["PublicAccessBlockConfiguration"])
            return {}

        accepted.answers["GetPublicAccessBlock"] = lambda _: {
            "PublicAccessBlockConfiguration": dict(now)
        }
        accepted.answers["PutPublicAccessBlock"] = put
        outcome = self.remediation({"ResourceId": ACCOUNT}, context)

        assert outcome == {
            "control": BLOCK,
            "account": ACCOUNT,
            "calls": ["PutPublicAccessBlock"],
            "before": {BLOCK: {**ALL_ON, "BlockPublicAcls": False}},
            "after": {BLOCK: ALL_ON},
            "note": "reverted and verified",
        }
        assert accepted.parameters("PutPublicAccessBlock") == [
            {"AccountId": ACCOUNT, "PublicAccessBlockConfiguration": ALL_ON}
        ]

    def test_of_a_compliant_account_calls_nothing(self, accepted, context):
        outcome = self.remediation({"ResourceId": ACCOUNT}, context)
        assert outcome["note"] == "compliant already, nothing was called"
        assert accepted.operations() == ["GetPublicAccessBlock"]

    @pytest.mark.parametrize("name", ["acme-data", "11112222333", None])
    def test_takes_an_account_id_only(self, accepted, context, name):
        with pytest.raises(BadInput, match="the id of an AWS account, 12 digits"):
            self.remediation({"ResourceId": name}, context)
        assert accepted.operations() == []

    def test_of_another_account_is_refused(self, accepted, context):
        with pytest.raises(BadInput, match="of account 444455556666, and this is account"):
            self.remediation({"ResourceId": "444455556666"}, context)
        assert accepted.operations() == []

    def test_that_an_organizations_policy_forbids_says_so(self, accepted, context):
        accepted.answers |= {
            "GetPublicAccessBlock": "NoSuchPublicAccessBlockConfiguration",
            "PutPublicAccessBlock": "AccessDenied",
        }
        said = f"failed on account {ACCOUNT}: PutPublicAccessBlock said AccessDenied"
        with pytest.raises(RemediationFailed, match=said):
            self.remediation({"ResourceId": ACCOUNT}, context)


def test_a_journal_keeps_of_a_list_only_what_differs():
    def state(name, document):
        return Account(ACCOUNT, ACCOUNT, REGION, aspects={name: document})

    old = state("alarms", [{"AlarmName": "a"}, {"AlarmName": "b"}])
    new = state("alarms", [{"AlarmName": "a"}, {"AlarmName": "b", "x": 1}])
    assert old.changed(ALARMS, new) == [{"AlarmName": "b"}]
    assert new.changed(ALARMS, old) == [{"AlarmName": "b", "x": 1}]
    old, new = (state("subscriptions", {"a": [], "b": told}) for told in ([], [1]))
    assert old.changed(SUBSCRIPTIONS, new) == {"b": []}
    assert new.changed(SUBSCRIPTIONS, old) == {"b": [1]}
