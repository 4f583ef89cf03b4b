"""Accounts in any state that AWS can have them in, as far as the account controls look."""

from hypothesis import strategies as st

from bucketward.account import Account
from bucketward.policy_change_alarm import EVENTS, PATTERN
from bucketward.public_access import FLAGS
from estate import ACCOUNT, MANAGEMENT_EVENTS, NEW_ACCOUNT, REGION

OTHER = "444455556666"
NAME = "bucketward-policy-changes"
NAMES = ("audit", "security", NAME)
TOPICS = tuple(f"arn:aws:sns:{REGION}:{ACCOUNT}:{name}" for name in NAMES)
FOREIGN_TOPIC = f"arn:aws:sns:{REGION}:{OTHER}:security"
GROUPS = ("trail-log", "other-log")
ON = {"Name": "S3_DATA_EVENTS", "Status": "ENABLED"}

blocks = st.none() | st.dictionaries(st.sampled_from(FLAGS), st.booleans())

_OBJECTS = {"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}
_DATA_RESOURCES = [
    [],
    [_OBJECTS],
    [{**_OBJECTS, "Values": ["arn:aws:s3:::acme-data/", "arn:aws:s3:::"]}],
    [{**_OBJECTS, "Values": ["arn:aws:s3:::acme-data/"]}],
    [{"Type": "AWS::Lambda::Function", "Values": ["arn:aws:lambda"]}, _OBJECTS],
    [{"Type": "AWS::Lambda::Function", "Values": ["arn:aws:s3"]}],
]
basic_selectors = st.sampled_from(
    [
        {
            "ReadWriteType": kind,
            "IncludeManagementEvents": management,
            "DataResources": resources,
            "ExcludeManagementEventSources": [],
        }
        for kind in ("All", "ReadOnly", "WriteOnly")
        for management in (True, False)
        for resources in _DATA_RESOURCES
    ]
)
_MANAGEMENT = {"Field": "eventCategory", "Equals": ["Management"]}
_S3_DATA = (
    {"Field": "eventCategory", "Equals": ["Data"]},
    {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
)
advanced_selectors = st.sampled_from(
    [
        {"FieldSelectors": [_MANAGEMENT]},
        {"FieldSelectors": [_MANAGEMENT, {"Field": "readOnly", "Equals": ["false"]}]},
        *(
            {"FieldSelectors": [_MANAGEMENT, {"Field": "eventSource", "NotEquals": [source]}]}
            for source in ("kms.amazonaws.com", "s3.amazonaws.com")
        ),
        {"Name": "all", "FieldSelectors": [*_S3_DATA]},
        *(
            {"FieldSelectors": [*_S3_DATA, further]}
            for further in (
                {"Field": "readOnly", "Equals": ["true"]},
                {"Field": "readOnly", "Equals": ["false"]},
                {"Field": "readOnly", "NotEquals": ["true"]},
                {"Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::"]},
                {"Field": "resources.ARN", "NotStartsWith": ["arn:aws:s3:::acme-logs/"]},
                {"Field": "eventName", "Equals": ["GetObject"]},
            )
        ),
    ]
)


@st.composite
def trails(draw):
    """Draw a trail: our own or the organization's, which may let us look into it or not."""
    owner = draw(st.sampled_from([ACCOUNT, ACCOUNT, ACCOUNT, OTHER]))
    region = draw(st.sampled_from([REGION, REGION, "us-east-1"]))
    name = draw(st.sampled_from(["audit", "data", "org"]))
    trail = {
        "Name": name,
        "TrailARN": f"arn:aws:cloudtrail:{region}:{owner}:trail/{name}",
        "HomeRegion": region,
        "IsMultiRegionTrail": draw(st.sampled_from([True, True, False])),
    }
    group = draw(st.sampled_from([*GROUPS, GROUPS[0], None]))
    if group:
        there = draw(st.sampled_from([(region, owner), (REGION, ACCOUNT)]))
        trail["CloudWatchLogsLogGroupArn"] = f"arn:aws:logs:{':'.join(there)}:log-group:{group}:*"
    if owner == OTHER and draw(st.booleans()):
        return trail
    basic, advanced = [], []
    if draw(st.booleans()):
        basic = draw(st.lists(basic_selectors | st.just(MANAGEMENT_EVENTS), min_size=1, max_size=5))
    else:
        advanced = draw(st.lists(advanced_selectors, min_size=1, max_size=3))
    return {
        **trail,
        "IsLogging": draw(st.sampled_from([True, True, False])),
        "EventSelectors": basic,
        "AdvancedEventSelectors": advanced,
    }


_transformations = st.fixed_dictionaries(
    {
        "metricNamespace": st.sampled_from(["CIS", "Bucketward/Account"]),
        "metricName": st.sampled_from(["PolicyChanges", "Other"]),
        "metricValue": st.just("1"),
    },
    optional={"dimensions": st.sampled_from([{}, {"event": "$.eventName"}])},
)
filters = st.fixed_dictionaries(
    {
        "logGroupName": st.sampled_from(GROUPS),
        "filterName": st.sampled_from(NAMES),
        "filterPattern": st.sampled_from(
            [PATTERN, PATTERN, "", PATTERN.replace(EVENTS[-1], "PutObject"), "{ $.errorCode = * }"]
        ),
        "metricTransformations": st.lists(_transformations, min_size=1, max_size=2),
    }
)
alarms = st.fixed_dictionaries(
    {
        "AlarmName": st.sampled_from(NAMES),
        "Namespace": st.sampled_from(["CIS", "Bucketward/Account"]),
        "MetricName": st.sampled_from(["PolicyChanges", "Other"]),
        "ActionsEnabled": st.sampled_from([True, True, False]),
        "AlarmActions": st.lists(
            st.sampled_from([*TOPICS, *TOPICS, FOREIGN_TOPIC, "arn:aws:automate:x:ec2:stop"]),
            max_size=2,
        ),
    },
    optional={"Dimensions": st.sampled_from([[], [{"Name": "event", "Value": "PutBucketAcl"}]])},
)
_told = st.fixed_dictionaries(
    {
        "SubscriptionArn": st.sampled_from(["PendingConfirmation", f"{TOPICS[0]}:1"]),
        "Protocol": st.sampled_from(["email", "lambda"]),
        "Endpoint": st.sampled_from(["a@example.com", "b@example.com"]),
    }
)
subscriptions = st.dictionaries(st.sampled_from(TOPICS), st.lists(_told, max_size=2))


def unique(elements, *keys, most=3):
    return st.lists(elements, max_size=most, unique_by=lambda each: tuple(each[k] for k in keys))


FACTS = {
    "account_public_access_block": blocks,
    "trails": unique(trails(), "TrailARN", most=2),
    "metric_filters": unique(filters, "logGroupName", "filterName", most=2),
    "alarms": unique(alarms, "AlarmName", most=2),
    "subscriptions": subscriptions,
    "recorders": unique(
        st.fixed_dictionaries(
            {
                "name": st.sampled_from(["default", "own"]),
                "recording": st.booleans(),
                "lastStatus": st.sampled_from([None, "Pending", "SUCCESS", "Failure"]),
                "recordingGroup": st.sampled_from(
                    [{"allSupported": True}, {"allSupported": False, "resourceTypes": []}]
                ),
            },
            optional={
                "servicePrincipal": st.just("a.amazonaws.com"),
                "recordingMode": st.sampled_from([{"recordingFrequency": "DAILY"}]),
            },
        ),
        "name",
    ),
    "detectors": unique(
        st.fixed_dictionaries(
            {
                "DetectorId": st.just("d" * 32),
                "Status": st.sampled_from(["ENABLED", "DISABLED"]),
            },
            optional={"Features": st.sampled_from([[], [ON]])},
        ),
        "DetectorId",
    ),
    "analyzers": unique(
        st.fixed_dictionaries(
            {
                "type": st.sampled_from(["ACCOUNT", "ORGANIZATION_UNUSED_ACCESS"]),
                "status": st.sampled_from(["ACTIVE", "FAILED"]),
            }
        ),
        "type",
    ),
    "macie": st.sampled_from([None, {"status": "ENABLED"}, {"status": "PAUSED"}]),
    "security_hub": st.sampled_from([None, {"HubArn": "arn:aws:securityhub:x:y:hub/default"}]),
}
"""Every fact of an account, in any state."""


def accounts(parts):
    """Draw an account in which these facts are any, and the others those of a new one."""
    drawn = st.fixed_dictionaries({each.name: FACTS[each.name] for each in parts})
    return drawn.map(
        lambda facts: Account(ACCOUNT, ACCOUNT, REGION, aspects={**NEW_ACCOUNT, **facts})
    )
