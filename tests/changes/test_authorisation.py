"""What an authorisation may say, and what it refuses to say."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bucketward.aspects import ASPECTS
from bucketward.changes import ALIASES, WRITES, Authorisation, from_parameter
from bucketward.errors import BadInput

ROLE = "arn:aws:iam::111122223333:role/pipeline/Deploy"
START = datetime(2026, 3, 4, 5, tzinfo=UTC)


def authorisation(**changed) -> Authorisation:
    fields = {"id": "pipeline", "actor": ROLE, "reason": "CHG-1", "buckets": ("*",)}
    return Authorisation(**(fields | changed))


ACTORS = [
    ROLE,
    "arn:aws:iam::{account}:role/Deploy",
    "arn:aws-cn:iam::111122223333:role/Deploy",
    "arn:aws-us-gov:iam::111122223333:user/teams/ana",
    "arn:aws:iam::111122223333:role/*-deploy",
    "arn:aws:iam::111122223333:role/pipeline/*",
    "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Admin_*",
    "arn:aws:iam::111122223333:role/a+b=c,d.e@f_g-?",
]
REFUSED = [
    ("a bare name", "Deploy", "is no ARN"),
    ("the end of an ARN", "*:role/Deploy", "is no ARN"),
    ("everything", "*", "is no ARN"),
    ("every account", "arn:aws:iam::*:role/Deploy", "does not name one account"),
    ("several accounts", "arn:aws:iam::11112222333?:role/Deploy", "does not name one account"),
    ("no account", "arn:aws:iam:::role/Deploy", "does not name one account"),
    ("too short an account", "arn:aws:iam::11112222333:role/Deploy", "does not name one account"),
    (
        "digits of another script",
        "arn:aws:iam::11112222333\N{ARABIC-INDIC DIGIT ONE}:role/x",
        "does not name one account",
    ),
    ("an unknown placeholder", "arn:aws:iam::{owner}:role/Deploy", "write its 12 digits, or {acc"),
    ("a pattern that spans fields", "arn:aws:iam::1*role/Deploy", "is no ARN"),
    ("every partition", "arn:*:iam::111122223333:role/Deploy", "is no ARN of IAM"),
    ("every service", "arn:aws:*::111122223333:role/Deploy", "is no ARN of IAM"),
    ("a session", "arn:aws:sts::111122223333:assumed-role/Deploy/ana", "is a session"),
    ("any session", "arn:aws:sts::111122223333:assumed-role/Deploy/*", "is a session"),
    ("a session in IAM's name", "arn:aws:iam::111122223333:assumed-role/D/a", "is a session"),
    ("a federated user", "arn:aws:sts::111122223333:federated-user/ana", "is a session"),
    ("root", "arn:aws:iam::111122223333:root", "root user, who can't be authorised"),
    ("what may be root", "arn:aws:iam::111122223333:*", "must name a role or a user"),
    ("what may be root too", "arn:aws:iam::111122223333:r???", "must name a role or a user"),
    ("any kind", "arn:aws:iam::111122223333:*/Deploy", "must name a role or a user"),
    ("a group", "arn:aws:iam::111122223333:group/admins", "must name a role or a user"),
    ("no name", "arn:aws:iam::111122223333:role/", "must name a role or a user"),
    ("a path without a name", "arn:aws:iam::111122223333:role/pipeline/", "must name a role"),
    ("a space", "arn:aws:iam::111122223333:role/Deploy x", "must name a role or a user"),
    ("a new line", ROLE + "\n", "is no ARN"),
    ("a set of characters", "arn:aws:iam::111122223333:role/[A-Z]x", "must name a role"),
    ("everybody", "arn:aws:iam::111122223333:role/*", "everybody"),
    ("everybody in any path", "arn:aws:iam::111122223333:user/*/?*", "everybody"),
    (
        "a service-linked role",
        "arn:aws:iam::111122223333:role/aws-service-role/*/AWSServiceRoleForX",
        "leave it out",
    ),
    ("a number", 111122223333, "is no ARN"),
]


@pytest.mark.parametrize("actor", ACTORS)
def test_an_actor_is_a_role_or_user_of_one_account(actor):
    assert authorisation(actor=actor).actor == actor


@pytest.mark.parametrize(
    ("actor", "message"), [each[1:] for each in REFUSED], ids=[each[0] for each in REFUSED]
)
def test_an_actor_is_refused_that_is(actor, message):
    with pytest.raises(BadInput) as refused:
        authorisation(actor=actor)
    said = str(refused.value)
    assert said.startswith("Authorisation 'pipeline': actor ")
    assert message in said
    assert said.endswith(".")


@pytest.mark.parametrize(
    ("pattern", "arn", "named"),
    [
        (ROLE, ROLE, True),
        ("arn:aws:iam::{account}:role/pipeline/Deploy", ROLE, True),
        (ROLE, "arn:aws:iam::111122223333:role/Deploy", False),
        ("arn:aws:iam::111122223333:role/Deploy", ROLE, False),
        (ROLE, ROLE.replace("Deploy", "deploy"), False),
        (ROLE, ROLE + "2", False),
        (ROLE, ROLE.replace("aws:iam", "aws-cn:iam"), False),
        (ROLE, ROLE.replace("role/", "user/"), False),
        ("arn:aws:iam::111122223333:role/pipeline/*", ROLE, True),
        ("arn:aws:iam::111122223333:role/pipeline/D?ploy", ROLE, True),
        ("arn:aws:iam::111122223333:role/p*", ROLE, False),
        ("arn:aws:iam::111122223333:role/*Deploy", ROLE, False),
        ("arn:aws:iam::111122223333:role/*/Deploy", ROLE, True),
        ("arn:aws:iam::111122223333:role/*/Deploy", ROLE.replace("Deploy", "x/Deploy"), False),
        ("arn:aws:iam::111122223333:role/pipeline?Deploy", ROLE, False),
    ],
)
def test_a_pattern_is_matched_part_by_part_and_in_its_case(pattern, arn, named):
    assert authorisation(actor=pattern).names(arn, "111122223333") is named


def test_a_pattern_of_many_stars_is_matched_at_once():
    pattern = "arn:aws:iam::111122223333:role/" + "*a" * 60
    arn = "arn:aws:iam::111122223333:role/" + "a" * 100_000 + "b"
    assert not authorisation(actor=pattern).names(arn, "111122223333")


FIELDS = [
    ({"id": 7}, "without|Authorisation 7: id must be text"),
    ({"id": "a b"}, "id must be text of letters"),
    ({"id": ""}, "id must be text of letters"),
    ({"reason": " "}, "reason is empty"),
    ({"reason": 42}, "reason is 42; write text"),
    ({"reason": "a\x07b"}, "printable"),
    ({"reason": "a" * 501}, "at most 500"),
    ({"buckets": ()}, "write account_settings: true"),
    ({"buckets": ("a/b",)}, "buckets holds 'a/b'"),
    ({"buckets": ("[ab]*",)}, "buckets holds"),
    ({"buckets": (1,)}, "buckets holds 1; write it as text"),
    ({"buckets": {"a": 1}}, "buckets is .*; write one text or a list"),
    ({"aspects": ()}, "aspects is .*; write one text or a list"),
    ({"aspects": ("polcy",)}, "did you mean policy?"),
    ({"aspects": ("GetBucketAcl",)}, "which is none"),
    ({"aspects": ("unknown",)}, "which is none"),
    ({"aspects": ("*",)}, "which is none"),
    ({"aspects": ("all", "policy")}, "holds more than all"),
    ({"account_settings": "yes"}, "must be true or false"),
    ({"account_settings": 1}, "must be true or false"),
    ({"start": datetime(2026, 1, 1)}, "start is .*a time with its zone"),  # noqa: DTZ001
    ({"end": "tomorrow"}, "end is 'tomorrow'; write a date"),
    ({"end": "2026-12-01T00:00:00"}, "a time with its zone"),
    ({"end": 1_800_000_000}, "end is 1800000000; write a date"),
    ({"start": datetime.min.replace(tzinfo=timezone(timedelta(hours=5)))}, "write a date"),
    ({"start": START, "end": START}, "end is not after start"),
]


@pytest.mark.parametrize(("fields", "message"), FIELDS)
def test_a_wrong_field_is_named_with_what_to_write(fields, message):
    with pytest.raises(BadInput, match=message) as refused:
        authorisation(**fields)
    assert str(refused.value).startswith("Authorisation")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (None, "None is no mapping"),
        ([], "is no mapping"),
        ({}, "Authorisation without an id: id is missing"),
        ({"id": "a"}, "Authorisation 'a': actor is missing"),
        ({"id": "a", "until": 1}, "'until' is no field of it; choose from: id, actor"),
        ({"id": "a", "aktor": ROLE}, "did you mean actor?"),
        ({"id": "a", 7: 8}, "7 is no field"),
        ({"id": "a", "actor": ROLE, "reason": "r", "buckets": "*"}, "aspects is missing"),
        (
            {"id": "a", "actor": ROLE, "reason": "r", "aspects": "all"},
            "buckets is missing; name some, or write account_settings: true, or both",
        ),
    ],
)
def test_an_entry_is_refused_that_is_not_whole(given, message):
    with pytest.raises(BadInput, match=message):
        Authorisation.parse(given)


def test_what_is_authorised_has_to_be_said():
    entry = {"id": "a", "actor": ROLE, "reason": "r", "buckets": "b", "aspects": "all"}
    assert Authorisation.parse(entry) == Authorisation("a", ROLE, "r", buckets=("b",))
    account = {"id": "a", "actor": ROLE, "reason": "r", "aspects": "all", "account_settings": True}
    assert Authorisation.parse(account).buckets == ()


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("public access block", ("public_access_block",)),
        ("intelligent-tiering", ("intelligent_tiering",)),
        ("PutBucketPolicy", ("PutBucketPolicy",)),
        ("s3:PutBucketPolicy", ("PutBucketPolicy",)),
        ("PutLifecycleConfiguration", ("DeleteBucketLifecycle", "PutBucketLifecycle")),
        ("PutBucketLifecycleConfiguration", ("PutBucketLifecycle",)),
        (["policy", "acl", "policy"], ("acl", "policy")),
    ],
)
def test_aspects_go_by_every_name_that_they_have(given, meant):
    assert authorisation(aspects=given).aspects == meant


@pytest.mark.parametrize("name", [*ASPECTS, *WRITES, *ALIASES])
def test_every_name_of_an_aspect_an_event_or_an_alias_is_understood(name):
    assert authorisation(aspects=(name,)).aspects


def test_a_date_alone_is_its_midnight():
    midnight = datetime(2026, 12, 1, tzinfo=UTC)
    assert authorisation(end=date(2026, 12, 1)).end == midnight
    assert authorisation(end="2026-12-01").end == midnight
    assert authorisation(end="2026-12-01T02:00:00+02:00").end == midnight


NAMES = st.text(alphabet="abcXYZ019_+=,.@-*?", min_size=1, max_size=12)
MOMENTS = st.datetimes(
    min_value=datetime(1990, 1, 1),  # noqa: DTZ001 - the zone is drawn apart
    max_value=datetime(2090, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=-7)), timezone(timedelta(hours=5))]),
)


@st.composite
def authorisations(draw: st.DrawFn) -> Authorisation:
    path = "/".join(draw(st.lists(NAMES, min_size=1, max_size=3)))
    window = sorted(draw(st.lists(MOMENTS, max_size=2, unique=True)))
    bounds = dict(zip(draw(st.permutations(["start", "end"])), window, strict=False))
    if len(window) == 2:
        bounds = {"start": window[0], "end": window[1]}
    account = draw(st.booleans())
    return Authorisation(
        id=draw(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,9}", fullmatch=True)),
        actor=f"arn:aws:iam::{draw(st.sampled_from(['111122223333', '{account}']))}:role/x{path}",
        reason=draw(st.text(alphabet="abc \N{EURO SIGN}:#'\"", min_size=1).filter(str.strip)),
        buckets=tuple(draw(st.lists(NAMES.map(_bucket), min_size=not account, max_size=3))),
        aspects=tuple(
            draw(st.lists(st.sampled_from([*ASPECTS, *WRITES, *ALIASES]), min_size=1, max_size=3))
        ),
        account_settings=account,
        **bounds,
    )


def _bucket(name: str) -> str:
    return "b" + "".join(each for each in name if each not in "+=,@")


@given(authorisations())
def test_what_is_written_is_read_again(authorisation: Authorisation):
    assert Authorisation.parse(authorisation.to_dict()) == authorisation


class TestTheParameter:
    def test_authorises_roles_for_every_bucket_but_not_for_the_account(self):
        first, second = from_parameter(f" {ROLE} ,, arn:aws:iam::{{account}}:role/cdk-*,{ROLE}")
        assert (first.actor, second.actor) == (ROLE, "arn:aws:iam::{account}:role/cdk-*")
        assert (first.id, second.id) == ("AuthorisedRoles-1", "AuthorisedRoles-2")
        assert first.buckets == ("*",)
        assert first.aspects == ("all",)
        assert not first.account_settings

    @pytest.mark.parametrize("text", ["", " ", " , "])
    def test_may_be_empty(self, text):
        assert from_parameter(text) == ()

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("Deploy", "AuthorisedRoles: 'Deploy' is no ARN"),
            (f"{ROLE},arn:aws:iam::*:role/Deploy", "does not name one account"),
            ("arn:aws:iam::111122223333:role/a,b", "AuthorisedRoles: 'b' is no ARN"),
            ("arn:aws:iam::111122223333:user/ana", "is no role"),
            ("arn:aws:iam::111122223333:user/x:role/y", "must name a role or a user"),
        ],
    )
    def test_says_which_of_its_roles_is_wrong(self, text, message):
        with pytest.raises(BadInput, match=message.replace("*", r"\*")):
            from_parameter(text)
