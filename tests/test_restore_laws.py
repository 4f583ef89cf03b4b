"""The laws of the exact revert, over any two states of a bucket."""

from hypothesis import given
from hypothesis import strategies as st

from bucketward import Bucket
from bucketward import aspects as a
from bucketward.aspects import ASPECTS
from bucketward.bucket_acl import ownership_of
from bucketward.calls import apply
from bucketward.drift import drifted
from bucketward.policy import judge, judge_acl
from bucketward.policy.exposure import effective_exposure
from bucketward.restore import restoring
from strategies_drift import states
from test_laws import safety
from writes import steps

ALL = tuple(ASPECTS.values())
anyhow = st.booleans()


@given(pair=states(), weaker=anyhow)
def test_complete_what_still_differs_is_what_is_reported(pair, weaker):
    live, approved = pair
    calls, left = restoring(live, approved, ALL, even_weaker=weaker)
    after = steps(calls, live)[-1]
    assert set(drifted(after, approved)) == {each.aspect for each in left}


@given(pair=states(), weaker=anyhow)
def test_idempotent_and_quiet(pair, weaker):
    live, approved = pair
    calls, left = restoring(live, approved, ALL, even_weaker=weaker)
    again = restoring(apply(calls, live), approved, ALL, even_weaker=weaker)
    assert not again.calls
    assert {each.aspect for each in again.unrestorable} == {each.aspect for each in left}
    assert restoring(live, live.aspects, ALL) == ((), ())


@given(pair=states(), data=st.data(), weaker=anyhow)
def test_nothing_but_the_chosen_aspects_is_touched(pair, data, weaker):
    live, approved = pair
    chosen = data.draw(st.sets(st.sampled_from(ALL)))
    calls, left = restoring(live, approved, chosen, even_weaker=weaker)
    different = set(drifted(live, approved)) & chosen
    assert {call.aspect for call in calls} | {each.aspect for each in left} == different
    after = steps(calls, live)[-1]
    for aspect in set(ALL) - chosen:
        assert after[aspect] == live[aspect]
    for call in calls:
        if call.key is not None:
            now, then = live[call.aspect] or {}, approved[call.aspect.name] or {}
            assert now.get(call.key) != then.get(call.key)


def exposed(bucket: Bucket) -> tuple[bool, ...]:
    policy = bucket[a.POLICY]
    return effective_exposure(
        judge(policy, bucket.account, bucket.name) if policy else None,
        judge_acl(bucket[a.ACL]),
        block=bucket[a.PUBLIC_ACCESS_BLOCK],
        ownership=ownership_of(bucket[a.OWNERSHIP]),
    )[:4]


@given(pair=states(), weaker=anyhow)
def test_at_no_moment_more_open_than_before_and_after(pair, weaker):
    live, approved = pair
    made = steps(restoring(live, approved, ALL, even_weaker=weaker).calls, live)
    first, last = exposed(made[0]), exposed(made[-1])
    for each in made[1:-1]:
        open_ = zip(exposed(each), first, last, strict=True)
        assert all(now <= (was or will) for now, was, will in open_)
        block, then = each[a.PUBLIC_ACCESS_BLOCK] or {}, made[-1][a.PUBLIC_ACCESS_BLOCK] or {}
        for flag, on in (live[a.PUBLIC_ACCESS_BLOCK] or {}).items():
            assert block.get(flag) or not (on and then.get(flag))


WEIGHED = {
    "public_access_block", "encryption", "versioning", "logging", "ownership", "object_lock",
}  # fmt: skip


@given(pair=states())
def test_never_only_weaker(pair):
    live, approved = pair
    for call_aspect in {call.aspect for call in restoring(live, approved, ALL).calls}:
        if call_aspect.name not in WEIGHED or foreign_key(live):
            continue
        calls = restoring(live, approved, [call_aspect]).calls
        before, after = safety(live), safety(apply(calls, live))
        weaker = [fact for fact, was in before.items() if after.get(fact, False) < was]
        safer = [fact for fact, will in after.items() if before.get(fact, False) < will]
        assert not weaker or safer, (call_aspect, weaker)


def foreign_key(bucket: Bucket) -> bool:
    return "999999999999" in str(bucket[a.ENCRYPTION])
