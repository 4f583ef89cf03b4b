"""Laws of blame: who changed an aspect does not depend on how often or how late it was told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bucketward.baseline.seen import SeenChange
from bucketward.blame import ACCEPTED, Guilt, blame

BEGAN = datetime(2026, 3, 2, 9, tzinfo=UTC)
STANDINGS = ("", "authorised", "self", "aws-service", "unauthorised", "unknown", "failed-attempt")


def seen(seconds, standing, number=0, error=""):
    return SeenChange(
        event_id=f"event-{number:04}",
        time=BEGAN + timedelta(seconds=seconds),
        bucket="acme-lake",
        aspect="tagging",
        event_name="PutBucketTagging",
        actor="somebody",
        standing=standing,
        error_code=error,
    )


histories = st.lists(
    st.tuples(
        st.integers(-5, 20), st.sampled_from(STANDINGS), st.sampled_from(["", "", "AccessDenied"])
    ),
    max_size=8,
).map(lambda found: [seen(at, how, number, error) for number, (at, how, error) in enumerate(found)])


def judged(changes, since=BEGAN, **given):
    newest_first = sorted(changes, key=lambda each: each.order, reverse=True)
    return blame(newest_first, since, **given)


@given(histories, st.data())
def test_what_is_told_twice_counts_once(changes, data):
    again = data.draw(st.lists(st.sampled_from(changes))) if changes else []
    assert judged([*changes, *again]) == judged(changes)


@given(histories, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_count(changes, random):
    shuffled = random.sample(changes, len(changes))
    assert judged(shuffled) == judged(changes)


@given(histories, st.integers(0, 20))
def test_whoever_is_guilty_stays_so_whatever_comes_later(changes, second):
    found = judged([*changes, seen(second, "unauthorised", 99)])
    assert found.guilt is Guilt.CULPRIT
    assert found.change.standing not in ACCEPTED


@given(histories)
def test_what_failed_and_what_was_before_explain_nothing(changes):
    told = [each for each in changes if not each.error_code and each.time >= BEGAN]
    assert judged(changes) == judged(told)


@given(histories)
def test_a_judgement_only_ever_takes_the_doubt_away(changes):
    """With what is not judged yet left out, or judged, nobody who was guilty is innocent."""
    found = judged(changes)
    for standing in ("authorised", "unauthorised"):
        settled = [replace(each, standing=each.standing or standing) for each in changes]
        after = judged(settled)
        if found.guilt is Guilt.CULPRIT:
            assert after.guilt is Guilt.CULPRIT
        if found.guilt is Guilt.UNKNOWN:
            assert after == found


@given(histories)
def test_of_those_judged_and_not_the_one_that_may_yet_turn_out_guilty_is_named(changes):
    found = judged(changes)
    relevant = [each for each in changes if not each.error_code and each.time >= BEGAN]
    waiting = [each for each in relevant if not each.standing]
    if found.guilt is Guilt.PENDING and waiting:
        assert found.change == max(waiting, key=lambda each: each.order)


@given(histories, st.integers(-5, 20))
def test_what_the_baseline_has_followed_explains_no_drift(changes, second):
    approving = seen(second, "authorised", 50)
    found = judged([*changes, approving], approving.time, followed=approving.order)
    assert found.change != approving
    if found.guilt is Guilt.PENDING and found.change.standing:
        assert found.change.order > approving.order


@given(histories)
def test_the_very_second_of_the_approval_counts(changes):
    late = seen(0, "unauthorised", 99)
    since = BEGAN + timedelta(milliseconds=700)
    assert judged([*changes, late], since).guilt is Guilt.CULPRIT


@given(histories, st.sampled_from(STANDINGS[1:]))
def test_accepting_more_makes_nobody_guilty(changes, more):
    strict, lenient = judged(changes), judged(changes, accepted=ACCEPTED | {more})
    if strict.guilt is not Guilt.CULPRIT:
        assert lenient.guilt is not Guilt.CULPRIT
