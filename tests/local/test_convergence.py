"""Whatever happens, in whatever order: a bucket ends as approved, or somebody is told why not.

A machine lets people with and without leave write, CloudTrail lose, double, delay and shuffle its
events, and AWS fail; then all comes to rest, the schedules come round, and the laws are checked by
what an operator sees: the buckets, the alerts, the queues, the verdicts and the store.
"""

from datetime import timedelta

from botocore.exceptions import ClientError
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from bucketward.aspects import ASPECTS
from bucketward.drift import same
from local import convergence as world

BUCKETS = ("acme-lake", "acme-site")
REFUSED = {"AccessControlListNotSupported", "InvalidBucketAclWithObjectOwnership", "NoSuchBucket"}
_DELAYS = st.sampled_from([0.0, 20.0, 60.0, 60.0, 200.0, 400.0, 1000.0, 2500.0])
_PAUSES = st.sampled_from([0.0, 0.4, 1.0, 5.0, 30.0, 62.0, 130.0, 420.0, 1300.0])
_FAULTS = st.sampled_from(
    [
        ("PutItem", "ProvisionedThroughputExceededException"),
        ("Query", "ThrottlingException"),
        ("TransactWriteItems", "InternalServerError"),
        ("GenerateMac", "KMSInternalException"),
        ("VerifyMac", "KMSInternalException"),
        ("PutEvents", "InternalException"),
        ("PutEvaluations", "ThrottlingException"),
        ("StartAutomationExecution", "ThrottlingException"),
        ("GetBucketTagging", "SlowDown"),
        ("GetBucketPolicy", "AccessDenied"),
        ("PutBucketTagging", "SlowDown"),
        ("PutBucketPolicy", "AccessDenied"),
        ("ListBucketMetricsConfigurations", "InternalError"),
        ("LookupEvents", "ThrottlingException"),
    ]
)
_WRITES = st.sampled_from(
    [
        (name, document, authorised)
        for authorised, documents in ((True, world.GOOD), (False, world.EVIL))
        for name, several in documents.items()
        for document in several
    ]
)


class Convergence(RuleBasedStateMachine):
    """Two buckets, five people, and a CloudTrail that does what it likes."""

    @initialize(delay=_DELAYS)
    def begin(self, delay):
        self.account = world.open_account()
        world.create(self.account, *BUCKETS)
        self.account.events.clear()
        self.account.trail.delay = delay
        self.writes, self.deleted = [], {}

    @rule(
        bucket=st.sampled_from(BUCKETS),
        write=_WRITES,
        who=st.integers(0, 2),
        delay=_DELAYS,
        copies=st.sampled_from([1, 1, 1, 2, 3]),
        drop=st.sampled_from([False] * 7 + [True]),
    )
    def somebody_writes(self, bucket, write, who, delay, copies, drop):
        name, document, authorised = write
        people = ("pipeline", "formation") if authorised else ("mallory", "eve", "root")
        person = people[who % len(people)]
        account = self.account
        account.trail.disturb(drop=drop, copies=copies, delay=delay)
        s3 = account.client("s3", world.PEOPLE[person])
        try:
            world.send(s3, bucket, name, document)
        except ClientError as error:
            if error.response["Error"]["Code"] in REFUSED:
                return  # what S3 refuses is heard of as well, and changes nothing
            raise
        heard = account.trail.heard[-1]
        self.writes.append(
            world.Write(person, bucket, name, document, account.clock.now, heard.id, drop, 0)
        )

    @rule(
        bucket=st.sampled_from(BUCKETS),
        person=st.sampled_from(["pipeline", "mallory", "mallory"]),
        delay=_DELAYS,
        drop=st.sampled_from([False] * 7 + [True]),
    )
    def somebody_deletes_a_bucket(self, bucket, person, delay, drop):
        account = self.account
        if bucket not in account.s3.buckets or self.deleted:
            return
        account.trail.disturb(drop=drop, delay=delay)
        account.client("s3", world.PEOPLE[person]).delete_bucket(Bucket=bucket)
        self.deleted[bucket] = (person, account.clock.now)

    @rule(seconds=_PAUSES)
    def time_passes(self, seconds):
        self.account.clock.run(seconds)
        self.account.check()

    @rule(fault=_FAULTS, times=st.integers(1, 12))
    def aws_fails(self, fault, times):
        self.account.fail(*fault, times=times)

    @rule(which=st.sampled_from(["bucket_drift", "Hourly", "Daily"]))
    def a_schedule_comes_round(self, which):
        self.come_round(which)

    def come_round(self, which):
        if which != "bucket_drift":
            which = f"ReconcilerFunction{which}"
        self.account.schedule(which)

    # ---- The end ---------------------------------------------------------------------------------

    def teardown(self):
        account = getattr(self, "account", None)
        if account is None:
            return
        try:
            account.settle()
            account.front.faults.clear()
            self.come_round("Daily")
            account.settle()
            self.come_round("bucket_drift")
            account.settle()
            self.check_all()
        finally:
            account.__exit__(None, None, None)

    def check_all(self):
        self.nothing_that_nobody_allowed_is_approved()
        self.every_bucket_is_as_approved_or_somebody_is_told()
        self.no_authorised_change_is_lost_in_silence()
        self.every_write_of_ours_is_in_the_journal()
        self.no_revert_goes_on_for_ever()

    def nothing_that_nobody_allowed_is_approved(self):
        for bucket in BUCKETS:
            approved = world.store(self.account).baselines.approved(bucket)
            for name in world.EVIL:
                if name not in approved:
                    continue
                found = approved[name]
                if world.evil(bucket, name, found.document):
                    # An event that never comes cannot speak against what was read after it.
                    unheard = [
                        each
                        for each in self.writes
                        if (each.bucket, each.aspect) == (bucket, name)
                        and each.dropped
                        and not each.authorised
                        and each.time <= found.read_at
                        and (
                            found.event_time <= each.time + timedelta(seconds=1)
                            or ASPECTS[name].keyed
                        )
                    ]
                    assert unheard, f"approved: {bucket} {name} {found}"

    def every_bucket_is_as_approved_or_somebody_is_told(self):
        for bucket in BUCKETS:
            approved = world.store(self.account).baselines.approved(bucket)
            differs = [
                name
                for name, each in approved.items()
                if not same(ASPECTS[name], world.live(self.account, bucket, name), each.document)
            ]
            if bucket not in self.account.s3.buckets:
                told = {each["id"] for each in world.alerts(self.account, bucket)}
                assert not approved or told or self.letters(), f"{bucket} is gone"
            elif differs:
                state = self.account.compliance("bucket_drift", bucket)
                told = {each["id"] for each in world.alerts(self.account, bucket)}
                assert (
                    state == "NON_COMPLIANT"
                    or told
                    & {
                        "change-not-approved",
                        "approval-withdrawn",
                        "drift-found",
                        "revert-war",
                        "not-restored",
                    }
                    or self.letters()
                ), f"{bucket} {differs} {state} {told}"
                assert state != "COMPLIANT", f"{bucket} {differs} {state} {told}"

    def no_authorised_change_is_lost_in_silence(self):
        for bucket in BUCKETS:
            for name in world.GOOD:
                writes = [
                    each for each in self.writes if (each.bucket, each.aspect) == (bucket, name)
                ]
                if not writes or not writes[-1].authorised or writes[-1].dropped:
                    continue
                last = writes[-1]
                if bucket in self.deleted and last.time <= self.deleted[bucket][1]:
                    continue  # it went with the bucket
                document = last.document(bucket) if callable(last.document) else last.document
                now = world.live(self.account, bucket, name)
                if ASPECTS[name].keyed:
                    kept = document is None or (now or {}).get(document["Id"]) == document
                else:
                    kept = same(ASPECTS[name], now, document)
                told = {
                    each["id"]
                    for each in world.alerts(self.account, bucket)
                    if each.get("aspect") == name
                }
                if not kept:
                    assert told & {"approval-withdrawn", "change-not-approved"} or self.letters(), (
                        f"lost {bucket} {name} {last} {told} now {now}"
                    )

    def letters(self):
        return [
            each
            for queue in ("ChangeDeadLetters", "EvaluationDeadLetters", "RemediationDeadLetters")
            for each in self.account.messages(queue)
        ]

    def every_write_of_ours_is_in_the_journal(self):
        for bucket in BUCKETS:
            entries = list(world.store(self.account).records.journal(bucket))
            for call in world.own_writes(self.account):
                if call.bucket == bucket:
                    assert any(
                        call.operation in each.calls
                        and each.time <= call.time <= each.time + timedelta(minutes=3)
                        for each in entries
                    ), call

    def no_revert_goes_on_for_ever(self):
        for bucket in BUCKETS:
            times = [
                each.time
                for each in world.store(self.account).records.journal(bucket, "bucket_drift")
            ]
            for start in times:
                hour = [each for each in times if start <= each < start + timedelta(hours=1)]
                assert len(hour) <= 5


Convergence.TestCase.settings = settings(max_examples=6, stateful_step_count=12)
TestConvergence = Convergence.TestCase
