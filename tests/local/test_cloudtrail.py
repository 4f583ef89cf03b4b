"""CloudTrail's records of calls to S3: their shape, who they name, and how they arrive."""

import json
from datetime import datetime

import pytest
from botocore.exceptions import ClientError

from bucketward.aspects import ASPECTS
from bucketward.changes import Change, vocabulary
from bucketward_tools.local import Actor
from bucketward_tools.local.events import Emitted
from local.monitored import BUCKET, bucket, call, monitored
from local.story import of_kind

MALLORY = "arn:aws:iam::111122223333:user/mallory"
DEPLOYER = Actor("arn:aws:iam::111122223333:role/ci/Deployer", session="run-7")


@pytest.fixture
def account(tmp_path):
    with monitored(tmp_path) as opened:
        yield opened


def last(account, event=None):
    return account.trail.records(event)[-1]


def arrived(account):
    """Return the names of the events on the bus, in the order of their arrival."""
    return [each.detail["eventName"] for each in of_kind(account, Emitted)]


def suspend(account, actor=MALLORY):
    account.client("s3", actor).put_bucket_versioning(
        Bucket=BUCKET, VersioningConfiguration={"Status": "Suspended"}
    )


# ---- What a record holds ------------------------------------------------------------------------


def test_a_record_has_the_fields_of_a_management_event(account):
    bucket(account, actor=MALLORY)
    suspend(account)
    record = last(account)
    assert record["eventName"] == "PutBucketVersioning"
    assert record["requestParameters"] == {
        "bucketName": BUCKET,
        "Host": f"{BUCKET}.s3.eu-central-1.amazonaws.com",
        "versioning": "",
        "VersioningConfiguration": {
            "xmlns": "http://s3.amazonaws.com/doc/2006-03-01/",
            "Status": "Suspended",
        },
    }
    assert record["resources"] == [
        {"accountId": "111122223333", "type": "AWS::S3::Bucket", "ARN": f"arn:aws:s3:::{BUCKET}"}
    ]
    assert (record["managementEvent"], record["readOnly"]) == (True, False)
    assert (record["eventCategory"], record["eventType"]) == ("Management", "AwsApiCall")
    assert record["eventSource"] == vocabulary.SOURCE
    assert record["responseElements"] is None
    assert record["tlsDetails"]["clientProvidedHostHeader"] == record["requestParameters"]["Host"]
    assert "sharedEventID" not in record
    ids = [each["eventID"] for each in account.trail.records()]
    assert len(set(ids)) == len(ids) == 2


def test_a_new_bucket_is_named_by_its_parameters_alone(account):
    bucket(account)
    record = last(account)
    assert "resources" not in record
    assert record["requestParameters"]["CreateBucketConfiguration"]["LocationConstraint"] == (
        "eu-central-1"
    )
    assert Change.from_record(record).bucket == BUCKET


def lifecycle(*rules):
    return {"Rules": [{"Status": "Enabled", "Filter": {}, **rule} for rule in rules]}


def test_xml_becomes_json_without_a_schema(account):
    s3 = bucket(account)
    day = {"Expiration": {"Days": 1}}

    def put(*rules):
        s3.put_bucket_lifecycle_configuration(
            Bucket=BUCKET, LifecycleConfiguration=lifecycle(*rules)
        )
        parameters = last(account, "PutBucketLifecycle")["requestParameters"]
        return parameters["LifecycleConfiguration"]["Rule"]

    one = put({"ID": "1", **day})
    assert one == {"ID": 1, "Status": "Enabled", "Filter": "", "Expiration": {"Days": 1}}
    assert [rule["ID"] for rule in put({"ID": "a", **day}, {"ID": "b", **day})] == ["a", "b"]


def test_a_tag_that_looks_like_a_boolean_is_one(account):
    s3 = bucket(account)
    tags = [{"Key": "on", "Value": "true"}, {"Key": "empty", "Value": ""}]
    s3.put_bucket_tagging(Bucket=BUCKET, Tagging={"TagSet": tags})
    found = last(account)["requestParameters"]["Tagging"]["TagSet"]["Tag"]
    assert found == [{"Key": "on", "Value": True}, {"Key": "empty", "Value": ""}]


def test_a_policy_is_parsed_and_an_acl_has_three_shapes(account):
    s3 = bucket(account)
    policy = {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": f"arn:aws:s3:::{BUCKET}",
        },
    }
    s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(policy))
    parameters = last(account)["requestParameters"]
    assert (parameters["bucketPolicy"], parameters["policy"]) == (policy, "")

    s3.delete_public_access_block(Bucket=BUCKET)
    s3.put_bucket_ownership_controls(
        Bucket=BUCKET, OwnershipControls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
    )
    s3.put_bucket_acl(Bucket=BUCKET, ACL="public-read")
    assert last(account)["requestParameters"]["x-amz-acl"] == "public-read"
    acl = s3.get_bucket_acl(Bucket=BUCKET)
    s3.put_bucket_acl(
        Bucket=BUCKET, AccessControlPolicy={name: acl[name] for name in ("Owner", "Grants")}
    )
    grants = last(account)["requestParameters"]["AccessControlPolicy"]["AccessControlList"]["Grant"]
    assert [each["Permission"] for each in grants] == ["FULL_CONTROL", "READ"]
    assert grants[1]["Grantee"]["xsi:type"] == "Group"
    assert grants[1]["Grantee"]["URI"].endswith("AllUsers")


WRITTEN = {
    "public_access_block": {"BlockPublicAcls": True},
    "ownership": {"Rules": [{"ObjectOwnership": "ObjectWriter"}]},
    "policy": '{"Version": "2012-10-17", "Statement": []}',
    "encryption": {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]},
    "versioning": {"Status": "Enabled"},
    "logging": {},
    "lifecycle": {"Rules": [{"Status": "Enabled", "Prefix": "", "Expiration": {"Days": 1}}]},
    "replication": {
        "Role": "arn:aws:iam::111122223333:role/Replication",
        "Rules": [{"Status": "Enabled", "Prefix": "", "Destination": {"Bucket": "arn:aws:s3:::b"}}],
    },
    "cors": {"CORSRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}]},
    "website": {"IndexDocument": {"Suffix": "index.html"}},
    "notification": {"EventBridgeConfiguration": {}},
    "tagging": {"TagSet": [{"Key": "a", "Value": "b"}]},
    "request_payment": {"Payer": "Requester"},
    "accelerate": {"Status": "Enabled"},
    "object_lock": {"ObjectLockEnabled": "Enabled"},
    "inventory": {
        "Id": "x",
        "IsEnabled": True,
        "IncludedObjectVersions": "All",
        "Schedule": {"Frequency": "Daily"},
        "Destination": {"S3BucketDestination": {"Bucket": "arn:aws:s3:::b", "Format": "CSV"}},
    },
    "analytics": {"Id": "x", "StorageClassAnalysis": {}},
    "metrics": {"Id": "x"},
    "intelligent_tiering": {
        "Id": "x",
        "Status": "Enabled",
        "Tierings": [{"Days": 90, "AccessTier": "ARCHIVE_ACCESS"}],
    },
}


def test_every_write_of_every_aspect_is_recorded_by_cloudtrails_name_for_it(account):
    s3 = bucket(account)
    owner = s3.get_bucket_acl(Bucket=BUCKET)
    acl = {name: owner[name] for name in ("Owner", "Grants")}
    for name, document in [*WRITTEN.items(), ("acl", acl)]:
        aspect = ASPECTS[name]
        named = {"Id": "x"} if aspect.keyed else {}
        arguments = {aspect.argument: document, **named}
        getattr(s3, aspect.put.method)(Bucket=BUCKET, **arguments)
        change = Change.from_record(last(account))
        assert (change.event_name, change.aspect) == (aspect.put.event, name)
        assert (change.bucket, change.read_only, change.failed) == (BUCKET, False, False)
        payload = "bucketPolicy" if name == "policy" else aspect.argument
        assert payload in change.parameters, "the name of the XML root"
    for aspect in (ASPECTS[name] for name in WRITTEN):
        if aspect.delete:
            named = {"Id": "x"} if aspect.keyed else {}
            getattr(s3, aspect.delete.method)(Bucket=BUCKET, **named)
            change = Change.from_record(last(account))
            assert (change.event_name, change.aspect) == (aspect.delete.event, aspect.name)
    assert set(WRITTEN) | {"acl"} == set(ASPECTS)


def test_settings_of_the_account_have_neither_bucket_nor_resource(account):
    control = account.client("s3control", MALLORY)
    flags = {"BlockPublicAcls": False, "IgnorePublicAcls": True}
    control.put_public_access_block(AccountId="111122223333", PublicAccessBlockConfiguration=flags)
    record = last(account)
    change = Change.from_record(record)
    assert (change.event_name, change.bucket) == ("PutAccountPublicAccessBlock", None)
    assert change.account == "111122223333"
    assert "resources" not in record
    payload = record["requestParameters"]["PublicAccessBlockConfiguration"]
    assert (payload["BlockPublicAcls"], payload["IgnorePublicAcls"]) == (False, True)
    control.delete_public_access_block(AccountId="111122223333")
    assert last(account)["eventName"] == "DeleteAccountPublicAccessBlock"


def test_a_request_that_is_too_large_is_not_in_its_record(account):
    s3 = bucket(account)
    rules = [{"ID": f"rule-{n}" + "x" * 150, "Expiration": {"Days": n + 1}} for n in range(500)]
    s3.put_bucket_lifecycle_configuration(Bucket=BUCKET, LifecycleConfiguration=lifecycle(*rules))
    record = last(account)
    assert record["requestParameters"] is None
    assert Change.from_record(record).bucket == BUCKET


def test_access_points_are_recorded_too(account):
    bucket(account)
    control = account.client("s3control", MALLORY)
    control.create_access_point(AccountId="111122223333", Name="door", Bucket=BUCKET)
    change = Change.from_record(last(account))
    assert (change.event_name, change.aspect) == ("CreateAccessPoint", "access_point")
    assert change.bucket == BUCKET
    assert change.parameters["name"] == "door"
    policy = json.dumps({"Version": "2012-10-17", "Statement": []})
    control.put_access_point_policy(AccountId="111122223333", Name="door", Policy=policy)
    assert last(account)["eventName"] == "PutAccessPointPolicy"
    assert last(account)["requestParameters"]["PutAccessPointPolicyRequest"]["Policy"] == policy
    control.delete_access_point(AccountId="111122223333", Name="door")
    assert last(account)["eventName"] == "DeleteAccessPoint"


def test_a_call_that_failed_is_recorded_with_its_error(account):
    s3 = bucket(account, actor=MALLORY)
    with pytest.raises(ClientError):
        s3.delete_bucket_policy(Bucket="nobody")
    missing = last(account)
    assert missing["errorCode"] == "NoSuchBucket"
    assert "resources" not in missing
    account.fail("PutBucketVersioning", "AccessDenied", actor=MALLORY)
    with pytest.raises(ClientError):
        suspend(account)
    denied = last(account)
    assert (denied["errorCode"], denied["readOnly"]) == ("AccessDenied", False)
    assert denied["errorMessage"]
    assert denied["requestParameters"]["VersioningConfiguration"]["Status"] == "Suspended"
    assert Change.from_record(denied).denied


def test_a_job_is_reported_by_s3_itself(tmp_path):
    def services_too(translated):
        pattern = translated["Resources"]["Writes"]["Properties"]["EventPattern"]
        pattern["detail-type"].append("AWS Service Event via CloudTrail")

    with monitored(tmp_path, edit=services_too) as account:
        job = account.client("s3control", MALLORY).create_job(
            AccountId="111122223333",
            Operation={"S3DeleteObjectTagging": {}},
            Report={"Enabled": False},
            ClientRequestToken="t",
            Priority=1,
            RoleArn="arn:aws:iam::111122223333:role/Batch",
        )
        account.settle()
        (emitted,) = of_kind(account, Emitted)
        assert emitted.detail_type == "AWS Service Event via CloudTrail"
        assert emitted.detail["serviceEventDetails"]["jobId"] == job["JobId"]
        change = Change.from_record(emitted.detail)
        assert (change.event_name, change.aspect) == ("JobCreated", "batch_operations")
        assert change.actor.kind == "AWSService"
        assert account.trail.records() == []


def test_what_a_role_of_the_template_was_refused_is_recorded_as_its_attempt(account):
    bucket(account)
    source = f"client('s3').delete_bucket_policy(Bucket='{BUCKET}')"
    assert call(account, source).error
    change = Change.from_record(last(account))
    assert (change.event_name, change.denied) == ("DeleteBucketPolicy", True)
    assert change.actor.principal == "arn:aws:iam::111122223333:role/bucketward/monitor"
    assert "s3:DeleteBucketPolicy" in change.error_message


def test_calls_for_objects_are_data_events_and_kept_apart(account):
    s3 = bucket(account)
    s3.put_object(Bucket=BUCKET, Key="a/b", Body=b"secret")
    s3.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": "a/b"}]})
    assert [each["eventName"] for each in account.trail.records()] == ["CreateBucket"]
    put, delete = account.trail.records(data=True)
    assert (put["eventName"], delete["eventName"]) == ("PutObject", "DeleteObjects")
    assert (put["managementEvent"], put["eventCategory"]) == (False, "Data")
    assert put["requestParameters"]["key"] == "a/b"
    assert "secret" not in json.dumps(put)
    account.settle()
    assert arrived(account) == ["CreateBucket"]


# ---- Who is named -------------------------------------------------------------------------------


def identity(account, actor):
    bucket(account, actor=actor)
    record = last(account)
    return record, record["userIdentity"]


def test_an_iam_user(account):
    _, user = identity(account, MALLORY)
    assert (user["type"], user["userName"], user["arn"]) == ("IAMUser", "mallory", MALLORY)
    assert user["principalId"].startswith("AIDA")
    assert user["accessKeyId"].startswith("AKIA")
    assert "sessionContext" not in user


def test_a_role_keeps_its_path_in_the_issuer_only(account):
    actor = Actor(DEPLOYER.arn, session="run-7", source_identity="alice", mfa=True)
    record, user = identity(account, actor)
    assert user["arn"] == "arn:aws:sts::111122223333:assumed-role/Deployer/run-7"
    assert user["principalId"].endswith(":run-7")
    context = user["sessionContext"]
    assert context["sessionIssuer"]["arn"] == DEPLOYER.arn
    assert context["sessionIssuer"]["userName"] == "Deployer"
    assert context["attributes"]["mfaAuthenticated"] == "true"
    change = Change.from_record(record)
    assert change.actor.principal == DEPLOYER.arn
    assert (change.actor.session, change.actor.source_identity) == ("run-7", "alice")


def test_the_arn_of_a_session_finds_the_role_of_the_template(account):
    session = "arn:aws:sts::111122223333:assumed-role/monitor/me"
    record, _ = identity(account, session)
    change = Change.from_record(record)
    assert change.actor.principal == "arn:aws:iam::111122223333:role/bucketward/monitor"
    assert change.actor.session == "me"


def test_root_and_the_console(account):
    record, user = identity(account, Actor("arn:aws:iam::111122223333:root", console=True))
    assert (user["type"], user["principalId"]) == ("Root", "111122223333")
    assert "userName" not in user
    assert record["sessionCredentialFromConsole"] == "true"


def test_an_aws_service_is_nobody_but_itself(account):
    record, user = identity(account, "logging.s3.amazonaws.com")
    assert user == {"type": "AWSService", "invokedBy": "logging.s3.amazonaws.com"}
    assert record["sourceIPAddress"] == record["userAgent"] == user["invokedBy"]
    assert "sharedEventID" in record
    assert "tlsDetails" not in record


def test_cloudformation_acts_with_the_credentials_of_who_asked(account):
    via = "cloudformation.amazonaws.com"
    record, user = identity(account, Actor(DEPLOYER.arn, via=via))
    assert user["invokedBy"] == record["sourceIPAddress"] == record["userAgent"] == via
    assert user["sessionContext"]["sessionIssuer"]["arn"] == DEPLOYER.arn
    assert "tlsDetails" not in record


def test_another_account_is_named_by_its_number(account):
    bucket(account)
    suspend(account, "arn:aws:iam::999999999999:user/outsider")
    record = last(account)
    assert record["userIdentity"]["type"] == "AWSAccount"
    assert "arn" not in record["userIdentity"]
    assert record["recipientAccountId"] == "111122223333"
    assert record["sharedEventID"]
    assert Change.from_record(record).actor.account == "999999999999"


def test_a_name_that_was_given_up_can_be_taken_by_another_account(account):
    s3 = bucket(account)
    outside = "arn:aws:iam::999999999999:user/outsider"
    with pytest.raises(ClientError, match="BucketAlreadyExists"):
        bucket(account, actor=outside)
    s3.delete_bucket(Bucket=BUCKET)
    bucket(account, actor=outside)
    assert last(account)["eventName"] == "DeleteBucket", "theirs is not our record"
    with pytest.raises(ClientError, match="BucketAlreadyExists"):
        bucket(account)
    with pytest.raises(ClientError, match="AccessDenied"):
        suspend(account)
    record = last(account)
    assert record["errorCode"] == "AccessDenied"
    assert "accountId" not in record["resources"][0]
    account.settle()


def test_our_own_revert_names_our_role(tmp_path):
    source = (
        "import boto3\n"
        "def monitor(event, context):\n"
        "    import json\n"
        "    for each in event['Records']:\n"
        "        detail = json.loads(each['body'])['detail']\n"
        "        who = detail['userIdentity'].get('userName')\n"
        "        if who == 'mallory' and detail['eventName'] == 'PutBucketVersioning':\n"
        "            boto3.client('s3').put_bucket_versioning(\n"
        f"                Bucket='{BUCKET}', VersioningConfiguration={{'Status': 'Enabled'}})\n"
    )
    with monitored(tmp_path, source) as account:
        bucket(account)
        suspend(account)
        account.settle()
        *_, theirs, ours = account.trail.records()
        assert theirs["userIdentity"]["userName"] == "mallory"
        actor = Change.from_record(ours).actor
        assert actor.principal == "arn:aws:iam::111122223333:role/bucketward/monitor"
        assert actor.session == "bucketward-Monitor"
        assert arrived(account)[-1] == "PutBucketVersioning"
        assert account.snapshot(BUCKET)["versioning"]["Status"] == "Enabled"


# ---- How they arrive ----------------------------------------------------------------------------


def test_a_record_arrives_a_minute_later_in_its_envelope(account):
    bucket(account)
    called = account.clock.now
    account.settle()
    (emitted,) = of_kind(account, Emitted)
    assert (emitted.time - called).total_seconds() == account.trail.delay == 60
    assert (emitted.source, emitted.detail_type) == ("aws.s3", "AWS API Call via CloudTrail")
    assert emitted.detail == account.trail.records()[0]


def test_records_can_be_lost_repeated_and_late(account):
    bucket(account)
    account.settle()
    account.events.clear()
    account.trail.disturb("PutBucketVersioning", drop=True)
    suspend(account)
    account.settle()
    assert arrived(account) == []
    account.trail.disturb(copies=2)
    suspend(account)
    account.settle()
    assert arrived(account) == ["PutBucketVersioning"] * 2
    account.trail.disturb(drop=True, times=None)
    account.trail.calm()
    account.trail.disturb(where=lambda heard: heard.bucket == BUCKET, delay=3600)
    suspend(account)
    account.client("s3").delete_bucket(Bucket=BUCKET)
    account.settle()
    assert arrived(account)[2:] == ["DeleteBucket", "PutBucketVersioning"]


def test_what_is_held_back_is_released_in_any_order(account):
    account.trail.hold()
    bucket(account)
    suspend(account)
    account.settle()
    assert arrived(account) == []
    create, put = account.trail.held
    account.trail.release([put, create, put])
    account.settle()
    assert arrived(account) == ["PutBucketVersioning", "CreateBucket", "PutBucketVersioning"]


def test_another_regions_record_goes_to_that_regions_bus(account):
    s3 = account.client("s3", region="eu-west-1")
    s3.create_bucket(Bucket="far", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    assert last(account)["awsRegion"] == "eu-west-1"
    account.client("s3control", MALLORY, region="us-west-2").delete_public_access_block(
        AccountId="111122223333"
    )
    assert last(account)["awsRegion"] == "us-west-2"
    account.settle()
    assert arrived(account) == []


def test_without_a_trail_that_logs_nothing_arrives(account):
    trail = account.client("cloudtrail", MALLORY)
    (known,) = trail.describe_trails()["trailList"]
    trail.stop_logging(Name=known["TrailARN"])
    assert trail.get_trail_status(Name=known["Name"])["IsLogging"] is False
    bucket(account)
    account.settle()
    assert arrived(account) == []
    trail.start_logging(Name=known["Name"])
    suspend(account)
    account.settle()
    assert arrived(account) == ["PutBucketVersioning"]
    trail.delete_trail(Name=known["Name"])
    assert trail.describe_trails()["trailList"] == []
    with pytest.raises(ClientError, match="TrailNotFound"):
        trail.get_trail_status(Name=known["Name"])


def test_data_events_arrive_where_the_trail_selects_them(tmp_path):
    def any_write(translated):
        pattern = translated["Resources"]["Writes"]["Properties"]["EventPattern"]
        del pattern["detail"]["managementEvent"]

    with monitored(tmp_path, edit=any_write) as account:
        trail = account.client("cloudtrail")
        name = trail.describe_trails()["trailList"][0]["Name"]
        trail.put_event_selectors(
            TrailName=name,
            EventSelectors=[
                {
                    "ReadWriteType": "WriteOnly",
                    "IncludeManagementEvents": False,
                    "DataResources": [
                        {"Type": "AWS::S3::Object", "Values": [f"arn:aws:s3:::{BUCKET}/logs/"]}
                    ],
                }
            ],
        )
        s3 = bucket(account)
        s3.put_object(Bucket=BUCKET, Key="logs/1", Body=b"")
        s3.put_object(Bucket=BUCKET, Key="other", Body=b"")
        account.settle()
        assert arrived(account) == ["PutObject"]


def test_reads_arrive_only_by_a_rule_that_asks_for_all_events(tmp_path):
    def all_events(translated):
        rule = translated["Resources"]["Writes"]["Properties"]
        rule["State"] = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
        del rule["EventPattern"]["detail"]["readOnly"]

    for edit, expected in ((None, []), (all_events, ["GetBucketVersioning"])):
        with monitored(tmp_path, **({"edit": edit} if edit else {})) as account:
            s3 = bucket(account)
            account.settle()
            account.events.clear()
            s3.get_bucket_versioning(Bucket=BUCKET)
            account.settle()
            assert arrived(account) == expected


# ---- LookupEvents -------------------------------------------------------------------------------


def lookup(account, **request):
    return account.client("cloudtrail").lookup_events(**request)


def by(key, value):
    return [{"AttributeKey": key, "AttributeValue": value}]


def test_lookup_events_answers_from_what_was_recorded(account):
    bucket(account, actor=MALLORY)
    suspend(account, DEPLOYER)
    assert lookup(account)["Events"] == [], "it takes a while"
    account.clock.sleep(account.trail.lookup_delay)
    newest, oldest = lookup(account)["Events"]
    assert (newest["EventName"], oldest["EventName"]) == ("PutBucketVersioning", "CreateBucket")
    assert (newest["Username"], oldest["Username"]) == ("run-7", "mallory")
    assert (newest["ReadOnly"], newest["EventSource"]) == ("false", vocabulary.SOURCE)
    assert isinstance(newest["EventTime"], datetime)
    assert json.loads(newest["CloudTrailEvent"]) == last(account)
    found = lookup(account, LookupAttributes=by("ResourceName", BUCKET))["Events"]
    assert len(found) == 2
    found = lookup(account, LookupAttributes=by("EventName", "CreateBucket"))["Events"]
    assert [each["EventId"] for each in found] == [oldest["EventId"]]


def test_lookup_events_has_reads_pages_and_a_window(account):
    s3 = bucket(account)
    account.clock.sleep(60)
    since = account.clock.now
    for _ in range(3):
        s3.get_bucket_versioning(Bucket=BUCKET)
    s3.put_object(Bucket=BUCKET, Key="a", Body=b"")
    account.clock.sleep(account.trail.lookup_delay)
    first = lookup(account, MaxResults=3)
    rest = lookup(account, MaxResults=3, NextToken=first["NextToken"])
    names = [each["EventName"] for each in first["Events"] + rest["Events"]]
    assert names == ["GetBucketVersioning"] * 3 + ["CreateBucket"]
    assert "NextToken" not in rest
    assert len(lookup(account, StartTime=since)["Events"]) == 3
    assert len(lookup(account, EndTime=since)["Events"]) == 4, "the end is within"
    assert len(lookup(account, LookupAttributes=by("ReadOnly", "false"))["Events"]) == 1
    with pytest.raises(ClientError, match="InvalidLookupAttributes"):
        lookup(account, LookupAttributes=by("ReadOnly", "false") + by("EventName", "x"))
    with pytest.raises(ClientError, match="InvalidTimeRange"):
        lookup(account, StartTime=account.clock.now, EndTime=since)
