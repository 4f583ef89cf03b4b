"""Plans and runs, on values: no AWS."""

from dataclasses import dataclass

import pytest

from bucketward import (
    ENCRYPTION,
    INVENTORY,
    LIFECYCLE,
    LOGGING,
    NOTIFICATION,
    POLICY,
    PUBLIC_ACCESS_BLOCK,
    TAGGING,
    VERSIONING,
    Automatic,
    BadInput,
    Bucket,
    Call,
    Known,
    Refused,
    Remediation,
    Unknown,
    delete,
    put,
)
from bucketward.errors import DidNotHold, RemediationFailed
from bucketward.remediation import first_content, resource_id

CONTROL = __name__.rpartition(".")[2]
ON = {"Status": "Enabled"}
OFF = {"Status": "Suspended"}


def bucket(**aspects):
    return Bucket("ward-data", "111122223333", "eu-central-1", aspects=aspects)


def enable(bucket, known):
    if (bucket[VERSIONING] or {}).get("Status") != "Enabled":
        known.earlier()
        yield put(VERSIONING, {**(bucket[VERSIONING] or {}), **ON})


def remediation(plan=enable, calls=(VERSIONING.put,), reads=(VERSIONING,), **others):
    plan.__module__ = __name__
    return Remediation(plan, calls, reads, Automatic.ALL, **others)


class Live:
    """A bucket that S3 keeps: what is read, in order, and what is written."""

    def __init__(self, *states, lag=0):
        self.states, self.lag, self.log = list(states), lag, []

    def read(self):
        self.log.append("read")
        if len(self.states) > 1:
            return self.states.pop(0)
        return self.states[0]

    def write(self, call, bucket):
        self.log.append(call.operation.name)
        after = call.apply(bucket)
        self.states = [bucket] * self.lag + [after]


def run(live, which=None, known=None):
    waits = []
    outcome = (which or remediation()).run(
        live.read, live.write, known or Known(), wait=waits.append
    )
    return outcome, waits


class TestARun:
    def test_reads_before_it_writes_and_after(self):
        live = Live(bucket(versioning=OFF))
        outcome, waits = run(live)

        assert live.log == ["read", "read", "PutBucketVersioning", "read"]
        assert waits == []
        assert outcome.to_dict() == {
            "control": CONTROL,
            "bucket": "ward-data",
            "calls": ["PutBucketVersioning"],
            "before": {"versioning": OFF},
            "after": {"versioning": ON},
            "note": "reverted and verified",
        }

    def test_leaves_a_compliant_bucket_alone_and_asks_for_nothing(self):
        live = Live(bucket(versioning=ON))
        outcome, _ = run(live, known=Known(earlier=lambda: pytest.fail("asked for the past")))

        assert live.log == ["read"]
        assert outcome.calls == ()

    def test_waits_until_s3_shows_what_was_written(self):
        live = Live(bucket(versioning=OFF), lag=3)
        outcome, waits = run(live)

        assert outcome.after == {"versioning": ON}
        assert waits == [1, 2, 4]

    def test_fails_where_the_bucket_does_not_stay_as_written(self):
        live = Live(bucket(versioning=OFF), lag=99)

        with pytest.raises(DidNotHold, match=f"{CONTROL} changed bucket ward-data, but 15 sec"):
            run(live)

    def test_plans_again_where_the_bucket_changed_while_it_planned(self):
        suspended = bucket(versioning={**OFF, "MFADelete": "Disabled"})
        live = Live(bucket(versioning=OFF), suspended, suspended)
        outcome, _ = run(live)

        assert outcome.before == {"versioning": {**OFF, "MFADelete": "Disabled"}}
        assert outcome.after == {"versioning": {**ON, "MFADelete": "Disabled"}}

    def test_writes_nothing_where_someone_else_was_faster(self):
        live = Live(bucket(versioning=OFF), bucket(versioning=ON))
        outcome, _ = run(live)

        assert live.log == ["read", "read"]
        assert outcome.calls == ()

    def test_gives_up_on_a_bucket_that_never_stands_still(self):
        states = [bucket(versioning={**OFF, "MFADelete": str(each)}) for each in range(9)]
        live = Live(*states)

        with pytest.raises(
            RemediationFailed, match=r"changed 3 times while .* nothing was written"
        ):
            run(live)
        assert set(live.log) == {"read"}

    def test_raises_what_reading_and_writing_raise(self):
        def closed(*_):
            raise KeyError("closed")

        with pytest.raises(KeyError):
            remediation().run(closed, closed, Known())
        with pytest.raises(KeyError):
            remediation().run(lambda: bucket(versioning=OFF), closed, Known())


class TestAPlan:
    def test_may_make_only_declared_calls(self):
        def undeclared(_bucket, _known):
            yield delete(POLICY)

        live = Live(bucket(versioning=OFF, policy="{}"))
        with pytest.raises(Refused, match=f"{CONTROL} did not declare that it calls DeleteBucketP"):
            run(live, remediation(undeclared))
        assert live.log == ["read"]

    def test_may_write_only_what_it_has_read(self):
        def blind(_bucket, _known):
            yield put(TAGGING, {"TagSet": []})

        live = Live(bucket(versioning=OFF))
        with pytest.raises(Refused, match=r"would write the tagging .* without having read it"):
            run(live, remediation(blind, calls=(TAGGING.put,)))
        assert live.log == ["read"]

    def test_that_needs_an_aspect_nobody_read_raises_unknown(self):
        with pytest.raises(Unknown):
            remediation().planned(bucket())

    WEAKER = (
        ("versioning", ON, OFF, "versioning would be turned off"),
        ("versioning", ON, None, "versioning would be turned off"),
        (
            "versioning",
            {**ON, "MFADelete": "Enabled"},
            ON,
            "MFA delete would be turned off",
        ),
        (
            "public_access_block",
            {"BlockPublicAcls": True, "IgnorePublicAcls": True},
            {"BlockPublicAcls": True},
            "IgnorePublicAcls would be turned off",
        ),
        ("logging", {"LoggingEnabled": {"TargetBucket": "x"}}, None, "logging would be turned"),
        ("encryption", "aws:kms", "AES256", "from aws:kms to AES256"),
        ("encryption", "aws:kms:dsse", "aws:kms", "from aws:kms:dsse to aws:kms"),
        ("encryption", "AES256", None, "from AES256 to none"),
        ("encryption", "aws:quantum", "aws:kms:dsse", "how safe aws:quantum is cannot be told"),
        ("encryption", "AES256", "aws:quantum", "from AES256 to aws:quantum"),
    )

    @pytest.mark.parametrize(("aspect", "before", "after", "loss"), WEAKER)
    def test_that_weakens_the_bucket_is_refused_before_any_write(self, aspect, before, after, loss):
        what = {each.name: each for each in (VERSIONING, PUBLIC_ACCESS_BLOCK, LOGGING, ENCRYPTION)}[
            aspect
        ]

        def weaken(_bucket, _known):
            yield Call(what.put, document(aspect, after))

        live = Live(bucket(**{aspect: document(aspect, before)}))
        with pytest.raises(Refused, match=f"less safe than it is: .*{loss}"):
            run(live, remediation(weaken, calls=(what.put,), reads=(what,)))
        assert live.log == ["read"]

    STRONGER = (
        ("AES256", "aws:kms"),
        ("aws:kms", "aws:kms:dsse"),
        ("aws:kms", "aws:kms"),
        (None, "AES256"),
        ("aws:quantum", "aws:quantum"),
    )

    @pytest.mark.parametrize(("before", "after"), STRONGER)
    def test_that_keeps_or_strengthens_encryption_is_not_refused(self, before, after):
        def strengthen(_bucket, _known):
            yield put(ENCRYPTION, document("encryption", after))

        which = remediation(strengthen, calls=(ENCRYPTION.put,), reads=(ENCRYPTION,))
        assert len(which.planned(bucket(encryption=document("encryption", before)))) == 1

    def test_that_unblocks_a_kind_of_upload_is_refused(self):
        blocking = document("encryption", "AES256")
        blocking["Rules"][0]["BlockedEncryptionTypes"] = {"EncryptionType": ["SSE-C"]}

        def unblock(_bucket, _known):
            yield put(ENCRYPTION, document("encryption", "AES256"))

        with pytest.raises(Refused, match="SSE-C uploads would be allowed again"):
            remediation(unblock, calls=(ENCRYPTION.put,), reads=(ENCRYPTION,)).planned(
                bucket(encryption=blocking)
            )


def document(aspect, value):
    if aspect != "encryption" or value is None:
        return value
    return {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": value}}]}


class TestTheEarlierState:
    def test_is_the_newest_that_the_control_is_content_with(self):
        states = [
            bucket(),  # versioning was not recorded
            bucket(versioning=OFF),
            bucket(versioning={**ON, "MFADelete": "Disabled"}),
            bucket(versioning=ON),
        ]

        assert first_content(remediation(), states, None) is states[2]

    def test_may_be_none(self):
        assert first_content(remediation(), [bucket(versioning=OFF)], None) is None


class TestACall:
    def test_puts_the_document_under_the_name_of_its_argument(self):
        assert put(VERSIONING, ON).arguments == {"VersioningConfiguration": ON}

    def test_of_versioning_never_sends_mfa_delete(self):
        call = put(VERSIONING, {**ON, "MFADelete": "Enabled"})

        assert call.arguments == {"VersioningConfiguration": ON}
        assert call.apply(bucket(versioning=OFF))[VERSIONING]["MFADelete"] == "Enabled"

    def test_of_a_lifecycle_sends_its_default_beside_the_rules(self):
        call = put(LIFECYCLE, {"Rules": [], "TransitionDefaultMinimumObjectSize": "128K"})

        assert call.arguments == {
            "LifecycleConfiguration": {"Rules": []},
            "TransitionDefaultMinimumObjectSize": "128K",
        }

    def test_of_one_configuration_names_its_id(self):
        assert put(INVENTORY, {"Id": "a"}, "a").arguments == {
            "InventoryConfiguration": {"Id": "a"},
            "Id": "a",
        }
        assert delete(INVENTORY, "a").arguments == {"Id": "a"}

    def test_of_one_configuration_leaves_the_others(self):
        before = bucket(inventory={"a": {"Id": "a"}, "b": {"Id": "b"}})

        assert delete(INVENTORY, "a").apply(before)[INVENTORY] == {"b": {"Id": "b"}}
        changed = put(INVENTORY, {"Id": "b", "IsEnabled": True}, "b").apply(before)
        assert changed[INVENTORY] == {"a": {"Id": "a"}, "b": {"Id": "b", "IsEnabled": True}}

    def test_that_deletes_the_last_configuration_leaves_the_aspect_unset(self):
        before = bucket(inventory={"a": {"Id": "a"}})

        assert delete(INVENTORY, "a").apply(before)[INVENTORY] is None

    def test_that_deletes_a_configuration_nobody_has_changes_nothing(self):
        assert delete(INVENTORY, "a").apply(bucket(inventory=None))[INVENTORY] is None

    def test_that_empties_an_aspect_leaves_it_unset_as_s3_would(self):
        before = bucket(notification={"EventBridgeConfiguration": {}})

        assert put(NOTIFICATION, {}).apply(before)[NOTIFICATION] is None
        assert put(NOTIFICATION, {}).arguments["NotificationConfiguration"] == {}

    def test_cannot_delete_what_s3_cannot(self):
        with pytest.raises(ValueError, match="no operation that deletes versioning"):
            delete(VERSIONING)


@pytest.mark.parametrize("name", ["ward-data", "My_Old.Bucket", "x" * 255])
def test_the_name_of_a_bucket_is_taken_from_the_event(name):
    assert resource_id({"ResourceId": name}) == name


@pytest.mark.parametrize(
    "event", [None, [], {}, *({"ResourceId": each} for each in (None, 1, "", "a/b", "x" * 256))]
)
def test_an_event_without_a_bucket_is_bad_input(event):
    with pytest.raises(BadInput, match="expected the name of an S3 bucket"):
        resource_id(event)


@dataclass(frozen=True, slots=True)
class Parameters:
    status: str = "Enabled"


def test_a_plan_without_parameters_of_its_own_gets_the_defaults():
    seen = []

    def look(_bucket, known):
        seen.append(known.parameters)
        return ()

    remediation(look, parameters=Parameters).planned(bucket())
    assert seen == [Parameters()]


def test_a_plan_that_knows_of_no_other_bucket_is_refused():
    with pytest.raises(Refused, match="Nothing is known of bucket ward-logs"):
        Known().other("ward-logs")
