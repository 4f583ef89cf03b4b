"""Who can write the table still cannot approve."""

import hashlib
import zlib

import pytest

from baseline.samples import BUCKET, DEPLOYER, approval, at, huge
from baseline.tables import make_key
from bucketward import _aws
from bucketward.baseline import signature
from bucketward.baseline.baselines import Baselines
from bucketward.baseline.canonical import pack
from bucketward.errors import Tampered

HEAD = "now#versioning"
OPEN = {"Status": "Suspended"}


@pytest.fixture(autouse=True)
def _nothing_verified_yet():
    signature._verified.cache_clear()  # noqa: SLF001


def texts(**values):
    return {name: {"S": value} for name, value in values.items()}


ALTERED = {
    "document": {"document": {"B": pack(OPEN)}},
    "not set": {"document": {"B": pack(None)}},
    "approver": texts(approved_by="arn:aws:iam::111122223333:role/mallory"),
    "approval's time": texts(approved_at="2026-01-02T03:04:06.000000Z"),
    "account": texts(account="999999999999"),
    "reason": texts(reason="they said so"),
    "event": texts(event_id="event-9"),
    "time": texts(event_time="2099-01-01T00:00:00.000000Z"),
    "read": texts(read_at="2026-01-02T03:04:05.000000Z"),
    "aspect": texts(aspect="acl"),
    "unknown aspect": texts(aspect="colour"),
    "time that is none": texts(event_time="soon"),
    "time without a zone": texts(event_time="2026-01-02T03:04:05"),
    "type": {"reason": {"N": "1"}},
    "null": {"approved_by": {"NULL": True}},
    "document of another type": {"document": {"S": "{}"}},
    "document that is no JSON": {"document": {"B": zlib.compress(b"{")}},
    "document that is not compressed": {"document": {"B": b"{}"}},
    "document cut off": {"document": {"B": pack(OPEN)[:-3]}},
    "document that goes on": {"document": {"B": pack(OPEN) + b"more"}},
    "document too deep": {"document": {"B": zlib.compress(b"[" * 200_000 + b"]" * 200_000)}},
    "document too large": {"document": {"B": zlib.compress(b" " * (65 << 20), 1)}},
    "parts": {"digest": {"S": "0" * 64}},
    "digest of another type": {"digest": {"N": "7"}},
    "digest too long": {"digest": {"S": "0" * 2000}},
    "no signature": {"mac": {"B": b"-"}},
    "signature": {"mac": {"B": bytes(32)}},
    "signature of another type": {"mac": {"S": "x" * 32}},
}


@pytest.mark.parametrize("what", ALTERED)
def test_what_was_altered_is_never_returned(baselines, rows, what):
    baselines.approve(approval())
    baselines.approve(approval(aspect="acl"))
    rows.put({**rows.get(BUCKET, HEAD), **ALTERED[what]})

    with pytest.raises(Tampered, match=rf"versioning of bucket {BUCKET}|of another|acl") as caught:
        baselines.approved(BUCKET)
    assert (caught.value.bucket, caught.value.aspects) == (BUCKET, ("versioning",))

    approvals, faults = baselines.examine(BUCKET)
    assert approvals == {"acl": approval(aspect="acl")}
    assert faults.keys() == {"versioning"}
    assert baselines.approved(BUCKET, ["acl"]).keys() == {"acl"}


@pytest.mark.parametrize("name", ["document", "mac", "approved_by", "read_at", "event_time"])
def test_what_was_taken_away_is_missed(baselines, rows, name):
    baselines.approve(approval())
    item = rows.get(BUCKET, HEAD)
    del item[name]
    rows.put(item)

    with pytest.raises(Tampered):
        baselines.approved(BUCKET)


def test_an_item_of_another_bucket_does_not_verify(baselines, rows):
    baselines.approve(approval(bucket="public-site"))
    rows.put({**rows.get("public-site", HEAD), **texts(bucket=BUCKET)})

    with pytest.raises(Tampered):
        baselines.approved(BUCKET)


@pytest.mark.parametrize("aspect", ["logging", "website"])
def test_an_item_of_another_aspect_does_not_verify(baselines, rows, aspect):
    baselines.approve(approval(document=None))
    item = rows.get(BUCKET, HEAD)

    rows.put({**item, **texts(entry=f"now#{aspect}")})
    with pytest.raises(Tampered, match="another approval"):
        baselines.approved(BUCKET)

    rows.put({**item, **texts(entry=f"now#{aspect}", aspect=aspect)})
    with pytest.raises(Tampered, match="no valid signature"):
        baselines.approved(BUCKET)


def test_a_signature_of_another_key_does_not_verify(aws, baselines):
    other = Baselines("Baselines", make_key())
    other.approve(approval())
    assert other.approved(BUCKET) == {"versioning": approval()}

    with pytest.raises(Tampered, match="no valid signature"):
        baselines.approved(BUCKET)


def test_only_a_digest_is_sent_to_kms(aws, baselines):
    sent = []
    aws.kms.meta.events.register(
        "provide-client-params.kms.GenerateMac", lambda params, **_: sent.append(params)
    )
    one = approval(document=huge(100))

    baselines.approve(one)

    assert sent == [
        {
            "KeyId": aws.key,
            "MacAlgorithm": "HMAC_SHA_256",
            "Message": hashlib.sha256(one.signed()).hexdigest().encode(),
        }
    ]


def test_the_order_of_members_makes_no_other_signature():
    one, other = approval(document={"a": 1, "b": [2]}), approval(document={"b": [2], "a": 1})
    assert one.signed() == other.signed()
    assert one.signed() != approval(document={"a": 1, "b": ["2"]}).signed()


def test_a_lost_part_of_a_large_document_is_missed(baselines, rows):
    baselines.approve(approval(document=huge(12_000)))
    part = next(item for item in rows.all() if item["entry"]["S"].startswith("part#"))
    rows.delete(BUCKET, part["entry"]["S"])

    with pytest.raises(Tampered, match="incomplete"):
        baselines.approved(BUCKET)

    rows.put({**part, "data": {"B": part["data"]["B"][:-1] + b"!"}})
    with pytest.raises(Tampered, match="incomplete"):
        baselines.approved(BUCKET)


@pytest.mark.parametrize(
    "code", ["AccessDeniedException", "KMSInvalidStateException", "DisabledException"]
)
def test_without_an_answer_of_kms_nothing_is_said(aws, baselines, code):
    """Neither approved nor tampered with, and asked again the next time."""
    baselines.approve(approval())
    refusing = [True]

    def refuse(**_):
        if refusing:
            raise _aws.ClientError({"Error": {"Code": code}}, "VerifyMac")

    aws.kms.meta.events.register("before-call.kms.*", refuse)
    for action in (
        lambda: baselines.approved(BUCKET),
        lambda: list(baselines.history(BUCKET, "versioning")),
        lambda: list(baselines.approved_all("111122223333")),
        lambda: baselines.approve(approval(1, aspect="acl")),
    ):
        with pytest.raises(_aws.ClientError, match=code):
            action()

    refusing.clear()
    assert baselines.approved(BUCKET) == {"versioning": approval()}


def test_a_key_that_is_gone_is_raised(aws, baselines):
    baselines.approve(approval())
    gone = Baselines("Baselines", aws.key[:-12] + "000000000000")

    with pytest.raises(_aws.ClientError, match="NotFoundException"):
        gone.approved(BUCKET)


def test_the_history_tells_which_entry_was_altered(baselines, rows):
    for seconds in (1, 2, 3):
        baselines.approve(approval(seconds))
    entry = next(
        past.entry for past in baselines.history(BUCKET, "versioning") if "event-2" in past.entry
    )
    rows.put({**rows.get(BUCKET, entry), **ALTERED["document"]})

    newest, altered, oldest = baselines.history(BUCKET, "versioning")
    assert (newest.approval, oldest.approval) == (approval(3), approval(1))
    assert (newest.fault, altered.approval) == ("", None)
    assert "no valid signature" in altered.fault


def test_what_would_count_after_a_withdrawal_must_verify(baselines, rows):
    for seconds in (1, 2):
        baselines.approve(approval(seconds))
    entry = [past.entry for past in baselines.history(BUCKET, "versioning")][1]
    rows.put({**rows.get(BUCKET, entry), **ALTERED["document"]})

    with pytest.raises(Tampered):
        baselines.withdraw(BUCKET, "versioning", "event-2", "not theirs")

    assert baselines.approved(BUCKET) == {"versioning": approval(2)}


def test_an_old_approval_put_in_the_place_of_the_newest_is_not_noticed(baselines, rows):
    """A limit (docs/limits.md): each is signed, and nothing says which of them was the last."""
    baselines.approve(approval(event_time=at(1), event_id="old", document=OPEN))
    old = rows.get(BUCKET, HEAD)
    baselines.approve(approval(event_time=at(2), event_id="new"))
    rows.put(old)
    assert baselines.approved(BUCKET)["versioning"].event_id == "old"


def test_an_old_approval_does_not_pass_for_a_newer_entry_of_the_history(baselines, rows):
    for seconds in (1, 2, 3):
        baselines.approve(approval(seconds))
    entries = [past.entry for past in baselines.history(BUCKET, "versioning")]
    later = entries[1].replace("event-2", "event-2-copy")
    rows.put({**rows.get(BUCKET, entries[2]), **texts(entry=later)})

    assert "another approval" in list(baselines.history(BUCKET, "versioning"))[1].fault
    with pytest.raises(Tampered, match="another approval"):
        baselines.withdraw(BUCKET, "versioning", "event-3", "not theirs")


@pytest.mark.parametrize("what", ["document", "time", "null", "event"])
def test_nothing_is_approved_over_what_was_altered_until_it_is_mended(baselines, rows, what):
    for seconds in (1, 2):
        baselines.approve(approval(seconds))
    rows.put({**rows.get(BUCKET, HEAD), **ALTERED[what]})
    with pytest.raises(Tampered):
        baselines.approve(approval(3))

    assert baselines.mend(BUCKET, "versioning") == approval(2)

    assert baselines.approved(BUCKET) == {"versioning": approval(2)}
    assert baselines.approve(approval(3)) is True


@pytest.mark.parametrize("version", [None, {"S": "high"}, {"N": "1.5"}, {"N": "7"}])
def test_a_planted_item_can_be_replaced(baselines, rows, version):
    planted = {
        **texts(bucket=BUCKET, entry=HEAD, event_id="x"),
        **({"version": version} if version else {}),
    }
    rows.put(planted)

    assert baselines.mend(BUCKET, "versioning") is None
    assert baselines.approved(BUCKET) == {}
    assert baselines.approve(approval(1)) is True
    assert baselines.approved(BUCKET) == {"versioning": approval(1)}


def test_mending_passes_over_what_does_not_verify_or_was_withdrawn(baselines, rows):
    for seconds in (1, 2, 3):
        baselines.approve(approval(seconds))
    baselines.withdraw(BUCKET, "versioning", "event-3", "not theirs")
    entry = next(
        past.entry for past in baselines.history(BUCKET, "versioning") if "event-2" in past.entry
    )
    for each in (entry, HEAD):
        rows.put({**rows.get(BUCKET, each), **ALTERED["document"]})

    assert baselines.mend(BUCKET, "versioning") == approval(1)


def test_half_a_surrogate_pair_does_not_break_the_signature(baselines):
    baselines.approve(approval(approved_by=f"{DEPLOYER} \ud83e", reason="\udca3"))
    assert baselines.approved(BUCKET)["versioning"].approved_by == f"{DEPLOYER} ?"


def test_times_keep_their_microseconds_and_lose_their_zone(baselines):
    from datetime import timedelta, timezone

    local = at(0.000001).astimezone(timezone(timedelta(hours=5)))
    baselines.approve(approval(event_time=local))
    assert baselines.approved(BUCKET)["versioning"].event_time == at(0.000001)
