"""``bucketward approve``: make what is there now the baseline, because somebody says so."""

from .options import (
    STACK,
    AspectsOption,
    BucketArgument,
    EndpointOption,
    ProfileOption,
    ReasonOption,
    RegionOption,
    StackOption,
    YesOption,
)


def approve(
    bucket: BucketArgument,
    *,
    reason: ReasonOption,
    aspect: AspectsOption = None,
    yes: YesOption = False,
    stack: StackOption = STACK,
    profile: ProfileOption = None,
    region: RegionOption = None,
    endpoint_url: EndpointOption = None,
) -> None:
    """Approve a bucket as it is now, in your name.

    Shows what would become approved and asks first. Approved is exactly what was shown, even if
    somebody changes the bucket meanwhile. Without --aspect, all that is not as approved, or was
    never approved; an aspect that you name is approved again even where it is the same.
    """
    from . import given, screen
    from .approving import approve_all, candidates
    from .deployment import Deployment

    given.bucket(bucket)
    why = given.reason(reason)
    wanted = given.aspects(aspect)
    deployment = Deployment.find(stack, profile, region, endpoint_url)
    found = candidates(deployment, bucket, wanted, again=bool(aspect))
    if not found.aspects:
        screen.say(f"Bucket {bucket} is as approved in every aspect; there is nothing to approve.")
        return
    for each in found.aspects:
        before = found.approved(each)
        if fault := found.faults.get(each.name):
            screen.say(f"{fault}", "red")
        elif before is None:
            screen.say(f"The {each} was never approved.")
        screen.show_difference(
            each, before.document if before else None, found.live[each], ("approved", "now")
        )
    names = ", ".join(map(str, found.aspects))
    screen.confirm(f"Approve the {names} of bucket {bucket} as {deployment.caller}?", yes=yes)
    approve_all(deployment, found, why)
    screen.say(f"Approved by {deployment.caller}: {names}.")
