"""Who made a call, for each kind of caller."""

import pytest

from bucketward.changes import Actor

ROLE = "arn:aws:iam::111122223333:role/teams/Storage"
ASSUMED = "arn:aws:sts::111122223333:assumed-role/Storage/ana"


def _assumed(**changed: object) -> dict[str, object]:
    return {
        "type": "AssumedRole",
        "principalId": "AROAEXAMPLE:ana",
        "arn": ASSUMED,
        "accountId": "111122223333",
        "sessionContext": {"sessionIssuer": {"type": "Role", "arn": ROLE}},
    } | changed


SSO = (
    "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/"
    "AWSReservedSSO_Admin_0123456789abcdef"
)

CALLERS = [
    ("role", _assumed(), ROLE, f"{ROLE} (session ana)"),
    (
        "person by single sign-on",
        _assumed(
            principalId="AROAEXAMPLE:ana@example.com",
            sessionContext={"sessionIssuer": {"arn": SSO}},
        ),
        SSO,
        f"{SSO} (session ana@example.com)",
    ),
    (
        "person's role through CloudFormation",
        _assumed(invokedBy="cloudformation.amazonaws.com"),
        ROLE,
        f"{ROLE} (session ana, via cloudformation.amazonaws.com)",
    ),
    (
        "role with a source identity",
        _assumed(
            sessionContext={"sessionIssuer": {"arn": ROLE}, "sourceIdentity": "CHG-42"},
        ),
        ROLE,
        f"{ROLE} (session ana, source identity CHG-42)",
    ),
    (
        "automation whose issuer was blanked",
        _assumed(sessionContext={"sessionIssuer": [{}]}, invokedBy="ssm.amazonaws.com"),
        None,
        f"{ASSUMED} (via ssm.amazonaws.com)",
    ),
    (
        "user",
        {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/ana", "userName": "ana"},
        "arn:aws:iam::111122223333:user/ana",
        "arn:aws:iam::111122223333:user/ana",
    ),
    (
        "user in the console",
        {
            "type": "IAMUser",
            "arn": "arn:aws:iam::111122223333:user/ana",
            "sessionContext": {"sessionIssuer": {}, "webIdFederationData": {}},
            "invokedBy": "signin.amazonaws.com",
        },
        "arn:aws:iam::111122223333:user/ana",
        "arn:aws:iam::111122223333:user/ana (via signin.amazonaws.com)",
    ),
    (
        "federated user",
        {
            "type": "FederatedUser",
            "principalId": "111122223333:ana",
            "arn": "arn:aws:sts::111122223333:federated-user/ana",
            "sessionContext": {"sessionIssuer": {"arn": "arn:aws:iam::111122223333:user/idp"}},
        },
        "arn:aws:iam::111122223333:user/idp",
        "arn:aws:iam::111122223333:user/idp (session ana)",
    ),
    (
        "root",
        {"type": "Root", "arn": "arn:aws:iam::111122223333:root", "accountId": "111122223333"},
        "arn:aws:iam::111122223333:root",
        "root (arn:aws:iam::111122223333:root)",
    ),
    ("root without an ARN", {"type": "Root"}, None, "root (account unknown)"),
    (
        "service",
        {"type": "AWSService", "invokedBy": "cloudtrail.amazonaws.com"},
        None,
        "cloudtrail.amazonaws.com",
    ),
    (
        "Batch Operations",
        {"accountId": "111122223333", "invokedBy": "s3.amazonaws.com"},
        None,
        "s3.amazonaws.com",
    ),
    ("account", {"type": "AWSAccount", "accountId": "444455556666"}, None, "account 444455556666"),
    (
        "web identity",
        {"type": "WebIdentityUser", "principalId": "accounts.example.com:app:ana"},
        None,
        "accounts.example.com:app:ana",
    ),
    (
        "person of a directory",
        {"type": "IdentityCenterUser", "onBehalfOf": {"userId": "1234-abcd"}},
        None,
        "1234-abcd",
    ),
    ("ARN of a caller of no stated type", {"arn": ASSUMED}, None, ASSUMED),
    ("nobody", None, None, "unknown"),
    ("garbage", [[], 7], None, "unknown"),
]


@pytest.mark.parametrize(
    ("identity", "principal", "shown"),
    [caller[1:] for caller in CALLERS],
    ids=[caller[0] for caller in CALLERS],
)
def test_an_actor_is_named_by_what_the_record_proves(identity, principal, shown):
    actor = Actor.from_identity(identity, "192.0.2.10")
    assert actor.principal == principal
    assert str(actor) == shown
    assert actor.address == "192.0.2.10"
    assert actor.root is shown.startswith("root")


def test_the_issuer_is_never_guessed_from_an_arn_that_ends_in_the_callers_choice():
    forged = _assumed(
        arn="arn:aws:sts::111122223333:assumed-role/Evil/DeployRole",
        principalId="AROAEXAMPLE:DeployRole",
        sessionContext={},
    )
    actor = Actor.from_identity(forged, None)
    assert actor.issuer is None
    assert actor.principal is None
    assert actor.session == "DeployRole"


def test_the_account_is_the_arns_where_the_record_states_none():
    arn = "arn:aws:iam::111122223333:user/ana"
    assert Actor.from_identity({"type": "IAMUser", "arn": arn}, None).account == "111122223333"
    stated = {"type": "IAMUser", "arn": arn, "accountId": "444455556666"}
    assert Actor.from_identity(stated, None).account == "444455556666"
