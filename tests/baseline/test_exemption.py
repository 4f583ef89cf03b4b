"""Exemptions: what one may say, whom it covers, and that it ends by itself."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bucketward import not_applicable
from bucketward.baseline.exemption import Exemption, active
from bucketward.errors import BadInput
from bucketward.verdict import units

CREATED = datetime(2026, 11, 1, tzinfo=UTC)
EXPIRES = datetime(2026, 12, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 15, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)

FIELDS = {
    "id": "EX-1",
    "bucket": "data-*",
    "control": "bucket_logging",
    "reason": "moving to the new log bucket",
    "approver": "ana",
    "expires": "2026-12-01",
    "created": "2026-11-01T00:00:00Z",
}


def exemption(**changed) -> Exemption:
    return Exemption.parse(FIELDS | changed)


def test_an_exemption_holds_until_the_moment_at_which_it_expires():
    one = [exemption()]
    assert active(one, "data-1", "bucket_logging", EXPIRES - MOMENT) == one[0]
    assert active(one, "data-1", "bucket_logging", EXPIRES) is None
    assert active(one, "data-1", "bucket_logging", EXPIRES + MOMENT) is None
    there = timezone(timedelta(hours=9))
    assert active(one, "data-1", "bucket_logging", (EXPIRES - MOMENT).astimezone(there))
    assert not active(one, "data-1", "bucket_logging", EXPIRES.astimezone(there))


@pytest.mark.parametrize(
    ("bucket", "control", "exempt"),
    [
        ("data-1", "bucket_logging", True),
        ("data-", "bucket_logging", True),
        ("data", "bucket_logging", False),
        ("my-data-1", "bucket_logging", False),
        ("DATA-1", "bucket_logging", False),
        ("data-1", "bucket_logging_target", False),
        ("data-1", "bucket_acl_public", False),
    ],
)
def test_an_exemption_is_for_its_buckets_and_its_control(bucket, control, exempt):
    assert bool(active([exemption()], bucket, control, NOW)) is exempt


def test_of_several_exemptions_the_one_that_lasts_longest_is_named():
    several = [
        exemption(),
        exemption(id="EX-2", expires="2026-12-24"),
        exemption(id="EX-3", expires="2027-12-24", bucket="other"),
        exemption(id="EX-4", expires="2026-11-02"),
    ]
    for order in (several, several[::-1], several * 2):
        found = active(order, "data-1", "bucket_logging", NOW)
        assert found is not None
        assert found.id == "EX-2"
    assert active([], "data-1", "bucket_logging", NOW) is None


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({}, "Exempt until 2026-12-01: moving to the new log bucket (ana)."),
        ({"reason": "Moving."}, "Exempt until 2026-12-01: Moving (ana)."),
        ({"reason": "two\n  lines\n"}, "Exempt until 2026-12-01: two lines (ana)."),
        (
            {"expires": "2026-12-01T20:30:00+02:00"},
            "Exempt until 2026-12-01 18:30 UTC: moving to the new log bucket (ana).",
        ),
    ],
)
def test_the_sentence_says_until_when_why_and_by_whom(changed, sentence):
    assert exemption(**changed).sentence == sentence


TEXTS = st.text(
    alphabet=st.sampled_from("ab \N{EURO SIGN}\N{GRINNING FACE}.:("), min_size=1, max_size=500
).filter(str.strip)


@given(TEXTS, TEXTS, st.sampled_from(["2026-12-01", "2026-12-01T18:30:00Z"]))
def test_the_sentence_fits_an_annotation_and_keeps_date_and_approver(reason, approver, expires):
    one = exemption(reason=reason, approver=approver, expires=expires)
    assert one.sentence.startswith("Exempt until 2026-12-01")
    assert f" ({one.approver[:40].rstrip()}" in one.sentence or "…" in one.sentence
    assert units(one.sentence) <= 256
    assert not_applicable(one.sentence).annotation == " ".join(one.sentence.split())


def test_the_sentence_cuts_the_reason_first_and_a_very_long_approver_too():
    role = "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0"
    one = exemption(reason="word " * 90, approver=role)
    assert one.sentence.startswith("Exempt until 2026-12-01: word word")
    assert one.sentence.endswith(f"… ({role}).")
    longest = exemption(reason="word " * 90, approver="a" * 500).sentence
    assert "word word" in longest
    assert longest.endswith("a…).")
    assert units(longest) <= 256


WRONG = [
    ({"id": "a b"}, "id must be text"),
    ({"bucket": "a/b"}, "bucket holds 'a/b'; write a bucket's name"),
    ({"bucket": ["a"]}, r"bucket is \['a'\]; write text"),
    ({"bucket": ""}, "bucket is empty"),
    ({"control": "*"}, "control '\\*' names no control"),
    ({"control": "bucket_*"}, "an exemption more for each other one"),
    ({"control": "bucket-logging"}, "names no control"),
    ({"reason": ""}, "reason is empty"),
    ({"reason": None}, "reason is missing"),
    ({"approver": None}, "approver is missing"),
    ({"approver": "a\x00"}, "printable"),
    ({"expires": None}, "expires is missing"),
    ({"expires": "never"}, "expires is 'never'; write a date"),
    ({"expires": "2026-12-01T00:00:00"}, "a time with its zone"),
    ({"expires": True}, "expires is True; write a date"),
    ({"expires": "2026-11-01"}, "expires is not after created"),
    ({"created": None}, "created is missing"),
    ({"until": "2026-12-01"}, "'until' is no field"),
    ({"expire": "2026-12-01"}, "did you mean expires?"),
]


@pytest.mark.parametrize(("changed", "message"), WRONG)
def test_a_wrong_field_is_named_with_what_to_write(changed, message):
    with pytest.raises(BadInput, match=message) as refused:
        exemption(**changed)
    assert str(refused.value).startswith("Exemption ")


def test_what_is_no_entry_is_refused():
    with pytest.raises(BadInput, match="is no mapping"):
        Exemption.parse("EX-1", created=CREATED)


def test_when_it_was_made_may_be_said_by_who_reads_it():
    assert Exemption.parse(FIELDS | {"created": None}, created=NOW).created == NOW
    assert Exemption.parse(FIELDS, created=NOW).created == CREATED


@given(
    TEXTS,
    st.datetimes(timezones=st.just(UTC), min_value=datetime(2027, 1, 1)),  # noqa: DTZ001
)
def test_what_is_written_is_read_again(reason, expires):
    one = exemption(reason=reason, expires=expires)
    assert Exemption.parse(one.to_dict()) == one
