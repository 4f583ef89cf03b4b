"""Authorised or not: every caller, every way to pass for another, and what holds for all."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bucketward.changes import Authorisation, Change, Decision, Standing, classify, judge, weigh
from bucketward.changes.actor import Actor
from bucketward.errors import BadInput
from bucketward.verdict import Severity

OWNER = "111122223333"
OTHER = "444455556666"
ROLE = f"arn:aws:iam::{OWNER}:role/pipeline/Deploy"
OWN = f"arn:aws:iam::{OWNER}:role/bucketward/Revert"
EVIL = f"arn:aws:iam::{OWNER}:role/Evil"
TIME = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)

EVERYTHING = {"buckets": ("*",), "account_settings": True}
DEPLOY = Authorisation("pipeline", ROLE, "CHG-1", **EVERYTHING)


def assumed(issuer=ROLE, session="ana", account=OWNER, **changed):
    """Give the identity of a role's session, whose ARN has lost the path of the role."""
    name = issuer.rpartition("/")[2]
    return {
        "type": "AssumedRole",
        "principalId": f"AROAEXAMPLE:{session}",
        "arn": f"arn:aws:sts::{account}:assumed-role/{name}/{session}",
        "accountId": account,
        "sessionContext": {
            "sessionIssuer": {"type": "Role", "arn": issuer, "accountId": account},
        },
    } | changed


@pytest.fixture(name="judged")
def _judged(record):
    """Give a function that judges a caller's call."""

    def judge_call(
        identity, *authorisations, event="PutBucketPolicy", services=None, **changed
    ) -> Decision:
        change = Change.from_record(record(event, userIdentity=identity, **changed))
        return judge(
            change,
            authorisations or [DEPLOY],
            account=OWNER,
            own_roles=[OWN],
            services=services,
        )

    return judge_call


SSO = (
    f"arn:aws:iam::{OWNER}:role/aws-reserved/sso.amazonaws.com/eu-west-1/"
    "AWSReservedSSO_Storage_0123456789abcdef"
)
LINKED = f"arn:aws:iam::{OWNER}:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup"
USER = f"arn:aws:iam::{OWNER}:user/teams/ana"

CALLERS = [
    ("the role", assumed(), "authorised"),
    ("the role through CloudFormation", assumed(invokedBy="cloudformation.amazonaws.com"), "auth"),
    ("another role", assumed(EVIL), "unauthorised"),
    ("Bucketward", assumed(OWN), "self"),
    ("Bucketward through SSM", assumed(OWN, invokedBy="ssm.amazonaws.com"), "self"),
    ("a service", {"type": "AWSService", "invokedBy": "cloudtrail.amazonaws.com"}, "aws-service"),
    ("Batch Operations", {"accountId": OWNER, "invokedBy": "s3.amazonaws.com"}, "aws-service"),
    ("a service-linked role", assumed(LINKED), "aws-service"),
    ("root", {"type": "Root", "arn": f"arn:aws:iam::{OWNER}:root", "accountId": OWNER}, "unauth"),
    ("root without an ARN", {"type": "Root"}, "unauthorised"),
    (
        "root's own federated session",
        {
            "type": "FederatedUser",
            "principalId": f"{OWNER}:Deploy",
            "arn": f"arn:aws:sts::{OWNER}:federated-user/Deploy",
            "accountId": OWNER,
            "sessionContext": {"sessionIssuer": {"arn": f"arn:aws:iam::{OWNER}:root"}},
        },
        "unauthorised",
    ),
    ("a person by single sign-on", assumed(SSO, session="ana@example.com"), "unauthorised"),
    ("a user", {"type": "IAMUser", "arn": USER, "accountId": OWNER}, "unauthorised"),
    ("a session whose issuer was blanked", assumed(sessionContext={"sessionIssuer": {}}), "unkn"),
    ("a web identity", {"type": "WebIdentityUser", "principalId": "app:ana"}, "unknown"),
    ("a person of SAML", {"type": "SAMLUser", "userName": "ana", "accountId": OWNER}, "unknown"),
    ("a person of a directory", {"type": "IdentityCenterUser"}, "unknown"),
    ("nobody", None, "unknown"),
    ("another account's role", assumed(ROLE.replace(OWNER, OTHER), account=OTHER), "unauth"),
    ("another account", {"type": "AWSAccount", "accountId": OTHER}, "unauthorised"),
]


@pytest.mark.parametrize(
    ("identity", "standing"), [each[1:] for each in CALLERS], ids=[each[0] for each in CALLERS]
)
def test_each_kind_of_caller_has_its_standing(judged, identity, standing):
    decision = judged(identity)
    assert decision.standing.startswith(standing)
    assert decision.reason.endswith(".")
    assert (decision.authorisation is DEPLOY) is (decision.standing == "authorised")


def actors(*patterns):
    return [
        Authorisation(f"a{number}", pattern, "r", **EVERYTHING)
        for number, pattern in enumerate(patterns)
    ]


IN_OTHER = "arn:aws:iam::999999999999:role/IdentityCFNServiceRole-evil"
BYPASSES = [
    (
        "session name that ends as the pattern does",
        assumed(EVIL, session="xDeployRole"),
        [f"arn:aws:iam::{OWNER}:role/*DeployRole"],
        {},
    ),
    (
        "session name that is the pattern's role",
        assumed(EVIL, session="pipeline/Deploy"),
        [ROLE, f"arn:aws:iam::{OWNER}:role/*/Deploy"],
        {},
    ),
    (
        "role of the name in another account",
        assumed(IN_OTHER, account="999999999999"),
        [
            f"arn:aws:iam::{OWNER}:role/IdentityCFNServiceRole*",
            "arn:aws:iam::{account}:role/IdentityCFNServiceRole*",
        ],
        {},
    ),
    (
        "role of another account that is listed",
        assumed(IN_OTHER, account="999999999999"),
        [IN_OTHER],
        {},
    ),
    (
        "issuer of another account behind an account id of ours",
        assumed(IN_OTHER, account=OWNER),
        [IN_OTHER, f"arn:aws:iam::{OWNER}:role/IdentityCFNServiceRole-evil"],
        {},
    ),
    (
        "account id of another account before an issuer of ours",
        assumed(accountId=OTHER),
        [ROLE],
        {},
    ),
    (
        "session Operator with Terraform's user agent",
        assumed(EVIL, session="Operator"),
        [f"arn:aws:iam::{OWNER}:role/*Operator*"],
        {"userAgent": "APN/1.0 HashiCorp/1.0 Terraform/1.9.0"},
    ),
    (
        "person's role through CloudFormation",
        assumed(EVIL, invokedBy="cloudformation.amazonaws.com"),
        [f"arn:aws:iam::{OWNER}:role/*cloudformation*"],
        {
            "userAgent": "cloudformation.amazonaws.com",
            "sourceIPAddress": "cloudformation.amazonaws.com",
        },
    ),
    (
        "role through SSM that is called as a solution's",
        assumed(EVIL, session="SO0111-Remediate", invokedBy="ssm.amazonaws.com"),
        [f"arn:aws:iam::{OWNER}:role/SO0111*"],
        {"sourceIPAddress": "ssm.amazonaws.com"},
    ),
    (
        "tags on the bucket that say it is allowed",
        assumed(EVIL),
        [ROLE],
        {
            "event": "PutBucketTagging",
            "requestParameters": {
                "bucketName": "amzn-s3-demo-bucket",
                "Tagging": {"TagSet": {"Tag": {"Key": "bucketward:authorised", "Value": EVIL}}},
            },
        },
    ),
    (
        "role without the path that the listed one has",
        assumed(f"arn:aws:iam::{OWNER}:role/Deploy"),
        [ROLE],
        {},
    ),
    (
        "role in a path that begins like the listed name",
        assumed(f"arn:aws:iam::{OWNER}:role/pipeline-x/Evil"),
        [f"arn:aws:iam::{OWNER}:role/pipeline*"],
        {},
    ),
    ("role in another case", assumed(ROLE.replace("Deploy", "DEPLOY")), [ROLE], {}),
    (
        "user of the role's name",
        {"type": "IAMUser", "arn": ROLE.replace("role", "user")},
        [ROLE],
        {},
    ),
    (
        "root with a name that is listed",
        {"type": "Root", "arn": f"arn:aws:iam::{OWNER}:root", "userName": "Deploy"},
        [ROLE, f"arn:aws:iam::{OWNER}:user/root", f"arn:aws:iam::{OWNER}:role/r*"],
        {},
    ),
    (
        "federated session of the role's name",
        {
            "type": "FederatedUser",
            "principalId": f"{OWNER}:Deploy",
            "arn": f"arn:aws:sts::{OWNER}:federated-user/Deploy",
            "accountId": OWNER,
            "sessionContext": {"sessionIssuer": {"type": "IAMUser", "arn": USER}},
        },
        [ROLE, f"arn:aws:iam::{OWNER}:user/Deploy"],
        {},
    ),
    (
        "permission set of a name that begins alike",
        assumed(SSO.replace("Storage", "StorageAudit"), session="Storage"),
        [SSO, SSO.replace("0123456789abcdef", "*")],
        {},
    ),
]


@pytest.mark.parametrize(
    ("identity", "patterns", "changed"),
    [each[1:] for each in BYPASSES],
    ids=[each[0] for each in BYPASSES],
)
def test_nobody_passes_for_another_by(judged, identity, patterns, changed):
    decision = judged(identity, *actors(*patterns), **changed)
    assert decision.standing is Standing.UNAUTHORISED
    assert decision.authorisation is None


def test_root_is_said_to_be_root_however_it_comes(judged):
    roots = [identity for name, identity, _ in CALLERS if name.startswith("root")]
    assert len(roots) == 3
    for identity in roots:
        assert "The root user of account 111122223333" in judged(identity).reason


@pytest.mark.parametrize(
    "arn",
    [
        f"arn:aws:sts::{OWNER}:assumed-role/Deploy/ana",
        f"arn:aws:iam::{OWNER}:role/pipeline/Deploy\n",
        f"arn:aws:iam::{OWNER}:group/admins",
        "Deploy",
    ],
)
def test_what_is_neither_role_nor_user_proves_nobody(judged, arn):
    user = {"type": "IAMUser", "arn": arn, "accountId": OWNER}
    assert judged(user).standing is Standing.UNKNOWN
    assert judged(assumed(arn)).standing is Standing.UNKNOWN


@pytest.mark.parametrize(
    "identity",
    [
        {"type": "AWSService", "invokedBy": "signin.amazonaws.com"},
        {"invokedBy": "signin.amazonaws.com"},
        {"type": "AWSService"},
    ],
)
def test_a_person_at_the_console_is_no_service(judged, identity):
    assert judged(identity).standing is Standing.UNKNOWN


def test_a_user_at_the_console_is_that_user(judged):
    ana = {"type": "IAMUser", "arn": USER, "accountId": OWNER, "invokedBy": "signin.amazonaws.com"}
    assert judged(ana).standing is Standing.UNAUTHORISED
    assert judged(ana, *actors(USER)).standing is Standing.AUTHORISED


def test_listed_people_by_single_sign_on_and_federation_are_authorised(judged):
    anywhere = SSO.replace("eu-west-1", "*").replace("0123456789abcdef", "*")
    assert judged(assumed(SSO), *actors(anywhere)).standing is Standing.AUTHORISED
    federated = {
        "type": "FederatedUser",
        "arn": f"arn:aws:sts::{OWNER}:federated-user/x",
        "accountId": OWNER,
        "sessionContext": {"sessionIssuer": {"type": "IAMUser", "arn": USER}},
    }
    assert judged(federated, *actors(USER)).standing is Standing.AUTHORISED


@pytest.mark.parametrize(
    "issuer",
    [
        OWN.replace(OWNER, OTHER),
        OWN.replace("bucketward/", ""),
        OWN.lower(),
        OWN + "2",
        f"arn:aws:iam::{OWNER}:role/Evil/{OWN.rpartition('/')[2]}",
    ],
)
def test_only_the_exact_arn_of_an_own_role_is_self(judged, issuer):
    account = OTHER if OTHER in issuer else OWNER
    assert judged(assumed(issuer, account=account)).standing is Standing.UNAUTHORISED


def test_a_session_that_is_named_like_an_own_role_is_not_self(judged):
    assert judged(assumed(EVIL, session="Revert")).standing is Standing.UNAUTHORISED
    blanked = assumed(OWN, sessionContext={})
    assert judged(blanked).standing is Standing.UNKNOWN


@pytest.mark.parametrize(
    "identity", [assumed(LINKED), {"type": "AWSService", "invokedBy": "backup.amazonaws.com"}]
)
def test_services_can_be_narrowed_down(judged, identity):
    named = judged(identity, services=["backup.amazonaws.com"])
    assert named.standing is Standing.AWS_SERVICE
    assert judged(identity, services=["s3.amazonaws.com"]).standing is Standing.UNAUTHORISED
    assert judged(identity, services=[]).standing is Standing.UNAUTHORISED


@pytest.mark.parametrize(
    "role",
    [
        LINKED.replace(OWNER, OTHER),
        LINKED.replace("aws-service-role", "aws-service-roles"),
        LINKED.replace("role/", "role/x/"),
        f"arn:aws:iam::{OWNER}:role/aws-service-role",
        LINKED.replace("role/aws", "user/aws"),  # whoever makes a user chooses its path
    ],
)
def test_a_role_that_only_looks_service_linked_is_none(judged, role):
    account = OTHER if OTHER in role else OWNER
    assert judged(assumed(role, account=account)).standing is Standing.UNAUTHORISED


@pytest.mark.parametrize("identity", [assumed(), assumed(OWN), assumed(EVIL), None])
def test_a_failed_call_is_an_attempt_whoever_made_it(judged, identity):
    decision = judged(identity, errorCode="AccessDenied")
    assert decision.standing is Standing.FAILED_ATTEMPT
    assert "AccessDenied" in decision.reason


def test_a_setting_of_another_account_is_nobodys_to_approve(judged):
    resources = [
        {"accountId": OTHER, "type": "AWS::S3::Bucket", "ARN": "arn:aws:s3:::amzn-s3-demo-bucket"}
    ]
    decision = judged(assumed(), resources=resources)
    assert decision.standing is Standing.UNAUTHORISED
    assert OTHER in decision.reason


class TestCoverage:
    def listed(self, **fields):
        return Authorisation("CHG-1", ROLE, "r", **({"buckets": ("*",)} | fields))

    @pytest.mark.parametrize(
        ("buckets", "covered"),
        [
            ("amzn-s3-demo-bucket", True),
            ("amzn-s3-*", True),
            (["other", "*-demo-bucke?"], True),
            ("amzn-s3-demo", False),
            ("demo-bucket", False),
            ("AMZN-*", False),
        ],
    )
    def test_of_buckets_is_by_their_whole_names(self, judged, buckets, covered):
        decision = judged(assumed(), self.listed(buckets=buckets))
        assert (decision.standing is Standing.AUTHORISED) is covered
        assert covered or "does not cover bucket 'amzn-s3-demo-bucket'" in decision.reason

    @pytest.mark.parametrize(
        ("aspects", "event", "covered"),
        [
            ("all", "PutBucketNovelty", True),
            ("policy", "PutBucketPolicy", True),
            ("policy", "DeleteBucketPolicy", True),
            ("PutBucketPolicy", "PutBucketPolicy", True),
            ("PutBucketPolicy", "DeleteBucketPolicy", False),
            ("CreateBucket", "DeleteBucket", False),
            ("PutLifecycleConfiguration", "DeleteBucketLifecycle", True),
            (["acl", "cors"], "PutBucketPolicy", False),
            (["acl", "cors"], "PutBucketNovelty", False),
        ],
    )
    def test_of_aspects_is_by_aspect_or_single_event(self, judged, aspects, event, covered):
        decision = judged(assumed(), self.listed(aspects=aspects), event=event)
        assert (decision.standing is Standing.AUTHORISED) is covered

    @pytest.mark.parametrize(
        ("start", "end", "covered"),
        [
            (0, None, True),
            (1, None, False),
            (-9, 0, False),
            (-9, 1, True),
            (None, 0, False),
            (None, 1, True),
            (0, 1, True),
        ],
    )
    def test_of_time_has_its_start_and_not_its_end(self, judged, start, end, covered):
        """By the time of the change, here in 2026, and never by the time of judging."""
        window = {
            name: TIME + timedelta(seconds=seconds)
            for name, seconds in (("start", start), ("end", end))
            if seconds is not None
        }
        decision = judged(assumed(), self.listed(**window))
        assert (decision.standing is Standing.AUTHORISED) is covered
        assert covered or "the time 2026-03-04T05:06:07Z" in decision.reason

    def test_of_an_unknown_time_takes_an_entry_without_a_window(self, judged):
        for window in ({"start": TIME}, {"end": TIME}):
            decision = judged(assumed(), self.listed(**window), eventTime="soon")
            assert decision.standing is Standing.UNAUTHORISED
        assert judged(assumed(), eventTime="soon").standing is Standing.AUTHORISED

    def account_change(self, event="PutAccountPublicAccessBlock"):
        return {
            "event": event,
            "requestParameters": {"Host": f"{OWNER}.s3-control.eu-west-1.amazonaws.com"},
            "resources": None,
        }

    @pytest.mark.parametrize(
        ("fields", "covered"),
        [
            ({}, False),
            ({"aspects": "account_public_access_block"}, False),
            ({"account_settings": True}, True),
            ({"account_settings": True, "buckets": ()}, True),
            ({"account_settings": True, "aspects": "account_public_access_block"}, True),
            ({"account_settings": True, "aspects": "public_access_block"}, False),
        ],
    )
    def test_of_account_settings_has_to_be_said(self, judged, fields, covered):
        decision = judged(assumed(), self.listed(**fields), **self.account_change())
        assert (decision.standing is Standing.AUTHORISED) is covered

    def test_of_the_account_is_not_of_buckets(self, judged):
        account_only = self.listed(account_settings=True, buckets=())
        assert judged(assumed(), account_only).standing is Standing.UNAUTHORISED

    @pytest.mark.parametrize("event", ["PutBucketPolicy", "DeleteBucket", "PutBucketAbac"])
    def test_of_the_account_is_not_of_a_bucket_that_was_left_out(self, judged, event):
        """CloudTrail drops the parameters of large requests, and with them the bucket's name."""
        lost = {"event": event, "requestParameters": None, "resources": None}
        decision = judged(assumed(), self.listed(account_settings=True), **lost)
        assert decision.standing is Standing.UNAUTHORISED
        assert "a bucket that the record does not name" in decision.reason

    def test_names_the_entry_that_comes_nearest(self, judged):
        entries = [
            self.listed(buckets="x", aspects="acl"),
            replace(self.listed(buckets="x"), id="CHG-2"),
            Authorisation("CHG-0", EVIL, "r", **EVERYTHING),
        ]
        decision = judged(assumed(), *entries)
        assert decision.reason == (
            f"Authorisation CHG-2 names {ROLE}, but does not cover bucket 'amzn-s3-demo-bucket'."
        )
        assert judged(assumed(LINKED.replace("aws-", "x-")), *entries).reason.startswith("No auth")


def test_the_account_has_to_be_one():
    change = Change.from_record({"eventName": "DeleteBucket", "eventSource": "s3.amazonaws.com"})
    with pytest.raises(BadInput, match="no account id"):
        judge(change, [], account="mine")


class TestDanger:
    def findings(self, record, flag):
        flags = dict.fromkeys(
            ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"),
            flag,
        )
        return classify(
            record("PutBucketPublicAccessBlock", {"PublicAccessBlockConfiguration": flags})
        )

    def test_is_what_an_authorised_change_did_and_not_who_made_it(self, record):
        found = self.findings(record, flag=False)
        decision = weigh(Decision(Standing.AUTHORISED, "Allowed.", DEPLOY), found)
        assert decision.standing is Standing.DANGEROUS
        assert decision.authorisation is DEPLOY
        assert decision.reason.startswith("Allowed. It raised ")
        assert "(high)" in decision.reason

    def test_is_not_in_a_harmless_change(self, record):
        allowed = Decision(Standing.AUTHORISED, "Allowed.", DEPLOY)
        assert weigh(allowed, self.findings(record, flag=True)) is allowed
        assert weigh(allowed, []) is allowed

    def test_has_a_threshold(self, record):
        allowed = Decision(Standing.AUTHORISED, "Allowed.", DEPLOY)
        low = self.findings(record, flag=True)
        assert weigh(allowed, low, threshold=Severity.LOW).standing is Standing.DANGEROUS
        high = [each for each in self.findings(record, flag=False) if each.severity == "high"]
        assert weigh(allowed, high, threshold=Severity.CRITICAL) is allowed

    @pytest.mark.parametrize("standing", sorted(set(Standing) - {Standing.AUTHORISED}))
    def test_changes_no_other_standing(self, record, standing):
        decision = Decision(standing, "So it is.")
        assert weigh(decision, self.findings(record, flag=False)) is decision


ARNS = [
    ROLE,
    EVIL,
    OWN,
    SSO,
    LINKED,
    USER,
    f"arn:aws:iam::{OWNER}:root",
    f"arn:aws:iam::{OTHER}:role/pipeline/Deploy",
    f"arn:aws:iam::{OTHER}:user/ana",
    f"arn:aws-cn:iam::{OWNER}:role/Deploy",
    f"arn:aws:sts::{OWNER}:assumed-role/Deploy/ana",
    "Deploy",
    "",
]
PATTERNS = [
    ROLE,
    EVIL,
    USER,
    f"arn:aws:iam::{OTHER}:role/*/Deploy",
    f"arn:aws:iam::{OTHER}:user/a*",
    "arn:aws:iam::{account}:role/*/Deploy",
    "arn:aws:iam::{account}:role/E*",
    f"arn:aws:iam::{OWNER}:role/?*?/?*/?*e*",
]
ACCOUNTS = st.sampled_from([OWNER, OTHER, None])
TEXTS = st.sampled_from([None, "Deploy", ROLE, "ana", "cloudformation.amazonaws.com"])


@st.composite
def changes(draw: st.DrawFn) -> Change:
    record = {
        "eventName": draw(st.sampled_from(["PutBucketPolicy", "PutAccountPublicAccessBlock"]))
    }
    return replace(
        Change.from_record(record | {"eventSource": "s3.amazonaws.com"}),
        actor=Actor(
            kind=draw(st.sampled_from(["AssumedRole", "IAMUser", "Root", "AWSService", "Other"])),
            arn=draw(st.sampled_from(ARNS)),
            issuer=draw(st.sampled_from(ARNS)),
            via=draw(st.sampled_from([None, "s3.amazonaws.com", "signin.amazonaws.com"])),
            account=draw(ACCOUNTS),
            session=draw(TEXTS),
        ),
        bucket=draw(st.sampled_from([None, "data", "logs"])),
        account=draw(ACCOUNTS),
        time=draw(st.sampled_from([None, TIME, TIME + timedelta(days=1)])),
        error_code=draw(st.sampled_from([None, None, None, "AccessDenied"])),
    )


@st.composite
def lists(draw: st.DrawFn) -> list[Authorisation]:
    return [
        Authorisation(
            id=draw(st.sampled_from(["a", "b", "c"])),
            actor=draw(st.sampled_from(PATTERNS)),
            reason=draw(st.sampled_from(["CHG-1", "CHG-2"])),
            buckets=(draw(st.sampled_from(["*", "data", "l?gs"])),),
            aspects=(draw(st.sampled_from(["all", "policy", "acl"])),),
            account_settings=draw(st.booleans()),
            end=draw(st.sampled_from([None, TIME, TIME + timedelta(hours=1)])),
        )
        for _ in range(draw(st.integers(0, 4)))
    ]


def _judge(change: Change, listed: list[Authorisation]) -> Decision:
    return judge(change, listed, account=OWNER, own_roles={OWN})


@given(changes(), lists(), lists())
def test_one_authorisation_more_takes_nothing_away(change, listed, more):
    before, after = _judge(change, listed).standing, _judge(change, listed + more).standing
    assert after == before or (before, after) == ("unauthorised", "authorised")


@given(changes(), lists())
def test_nobody_of_another_account_and_no_root_is_authorised_or_self(change, listed):
    actor = change.actor
    foreign = OTHER in {actor.account, change.account} or any(
        OTHER in (arn or "") for arn in (actor.arn, actor.issuer)
    )
    if foreign or actor.root or (actor.principal or "").endswith(":root"):
        standing = _judge(change, listed).standing
        assert standing not in {Standing.AUTHORISED, Standing.SELF, Standing.AWS_SERVICE}


@given(changes(), lists(), TEXTS, TEXTS, TEXTS)
def test_what_a_caller_can_choose_decides_nothing(change, listed, session, name, address):
    actor = replace(
        change.actor, session=session, name=name, address=address, source_identity=session
    )
    disguised = replace(change, actor=actor, parameters={"userAgent": name, "tags": session})
    assert _judge(disguised, listed) == _judge(change, listed)


@given(changes(), lists(), st.randoms(use_true_random=False))
def test_neither_order_nor_repetition_decides_anything(change, listed, chance):
    shuffled = listed * 2
    chance.shuffle(shuffled)
    assert _judge(change, shuffled) == _judge(change, listed)


def test_entries_of_one_id_are_told_apart_whatever_their_order(judged):
    entries = [DEPLOY, replace(DEPLOY, reason="CHG-2")]
    assert judged(assumed(), *entries) == judged(assumed(), *entries[::-1])


@given(changes(), lists())
def test_an_authorised_change_names_the_entry_that_covers_it(change, listed):
    decision = _judge(change, listed)
    if decision.standing is Standing.AUTHORISED:
        entry = decision.authorisation
        assert entry in listed
        assert entry.names(change.actor.principal, OWNER)
        assert entry.gaps(change) == ()
    else:
        assert decision.authorisation is None
