"""A control's case (tests/cases) told in the local account: set up, judged, put back, judged.

What a case gives is written through the S3 API by an administrator, in an order that S3 accepts.
Where S3 or AWS Config cannot have a state, the case is in `NOT_TOLD` with the reason.
"""

from contextlib import contextmanager

from bucketward.aspects import ASPECTS
from bucketward.calls import delete, put
from bucketward_tools.catalogue import controls
from bucketward_tools.local.events import ApiCall
from estate import NEW_BUCKET, case_calls, cases, log_delivery_policy, log_target, policy_text
from local.deployment import deploy, prefix, template
from local.story import create, of_kind

MALLORY = "999999999999"
_LAST = ("policy", "ownership", "versioning", "public_access_block")

_BY_SCENARIOS = "A baseline has a history: tests/local/test_scenarios.py has eighteen."
NOT_TOLD = {
    "bucket_drift": {
        "a tag has another value, by somebody who was not authorised": _BY_SCENARIOS,
        "two aspects, and CloudTrail has told of neither": _BY_SCENARIOS,
    },
    "bucket_encryption": {
        "no default encryption rule": "S3 encrypts every bucket by default since January 2023.",
    },
    "bucket_replication": {
        "deleted, the earlier one is put back as it was": "AWS Config records no filters, so "
        "that such a rule is refused; with a prefix it is told in the case beside one that stays.",
    },
}


def bucket_of(case):
    return case.get("bucket", "acme-data")


def writes(account, control):
    """Return what the control's own function wrote."""
    end = f"/bucketward-{prefix(control)}RemediationFunction"
    return [
        each
        for each in of_kind(account, ApiCall)
        if each.service == "s3"
        and each.actor.endswith(end)
        and each.operation.startswith(("Put", "Delete"))
    ]


def parameters(control, case):
    """Return the case's parameters as those of the stack."""
    switch = f"Deploy{prefix(control)}"
    switched = {switch: "true"} if switch in template()["Parameters"] else {}
    return {"Remediation": "all", **switched} | {
        prefix(control) + name[0].upper() + name[1:]: str(value)
        for name, value in case.get("parameters", {}).items()
    }


def open_case(control, case, then=None, **options):
    return deploy([control], parameters(control, case), then, **options)


def tell(account, control, case):
    """Let the case happen, from its setting up to the last verdict."""
    set_up(account, case)
    play(account, control, bucket_of(case))


def set_up(account, case):
    """Bring about what the case knows of the past, unseen by the rules, then what it gives."""
    rules = dict(account.wiring.rules)
    account.wiring.rules.clear()
    for name, each in case.get("others", {}).items():
        if each.get("account", account.place.account) == account.place.account:
            create(account, name)
            write(account, name, dict(log_target(name, **each).aspects))
        else:
            account.s3.foreign.add(name)
    bucket = bucket_of(case)
    create(account, bucket)
    if "earlier" in case:
        write(account, bucket, documents(case["earlier"]))
        account.settle()
    account.wiring.rules.update(rules)
    write(account, bucket, documents(case.get("given", {})), documents(case.get("earlier", {})))


def play(account, control, bucket):
    """Let the rule find it and the remediation put it back, by hand where it is not automatic."""
    account.settle()
    settle_live(account, control)
    configuration = account.wiring.remediations[account.rule_name(control)]
    if not configuration.automatic:
        assert account.compliance(control, bucket) == "NON_COMPLIANT"
        account.start_remediation(control, bucket)
        account.settle()
        settle_live(account, control)


def settle_live(account, control):
    """Let the schedule find what makes no configuration item."""
    if controls()[control].rule.live:
        account.schedule(control)
        account.settle()


def snapshots(account):
    return {bucket: account.snapshot(bucket) for bucket in account.s3.buckets}


def documents(differs):
    given = {**NEW_BUCKET, **differs}
    return given | {"policy": policy_text(given["policy"])}


def write(account, bucket, wanted, now=None):
    """Write what differs: what forbids other writes is opened first, and closed last."""
    s3 = account.client("s3")
    now = now or documents({})
    differs = [name for name in wanted if wanted[name] != now[name]]
    wanted["acl"] = owned(wanted["acl"], owner(account, bucket))
    if "policy" in differs or "acl" in differs:
        s3.delete_public_access_block(Bucket=bucket)
        differs.append("public_access_block")
    if "acl" in differs:
        rules = [{"ObjectOwnership": "ObjectWriter"}]
        s3.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls={"Rules": rules})
        differs.append("ownership")
    if {"replication", "object_lock"} & set(differs):
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        differs.append("versioning")
    for name in sorted(set(differs), key=lambda name: (name in _LAST, name)):
        if name != "versioning" or wanted[name]:  # once on, S3 never forgets that it was
            with ready(account, name, wanted[name]) as actor:
                send(actor, bucket, ASPECTS[name], wanted[name])


@contextmanager
def ready(account, aspect, document):
    """Return who may write it: AWS sets its own tags, and logs need a target that lets them in.

    S3 looks at the target when logging is set and never again: it may be closed or gone then.
    """
    s3 = account.client("s3")
    if aspect != "logging" or not document:
        yield account.internal("s3") if aspect == "tagging" else s3
        return
    target = document["LoggingEnabled"]["TargetBucket"]
    existed = target in account.s3.buckets
    if not existed:
        create(account, target)
    policy = account.snapshot(target)["policy"]
    s3.put_bucket_policy(Bucket=target, Policy=log_delivery_policy(target))
    yield s3
    send(s3, target, ASPECTS["policy"], policy)
    if not existed:
        s3.delete_bucket(Bucket=target)


def send(s3, bucket, aspect, document):
    if document is None and aspect.delete:
        call = delete(aspect)
    else:
        call = put(aspect, {} if document is None else document)
    getattr(s3, call.operation.method)(Bucket=bucket, **call.arguments)


def owner(account, bucket):
    return account.internal("s3").get_bucket_acl(Bucket=bucket)["Owner"]


def owned(acl, owner):
    """Write the account's real owner in the place of the case's."""
    theirs = acl["Owner"]["ID"]
    grants = [
        grant | {"Grantee": grant["Grantee"] | {"ID": owner["ID"]}}
        if grant["Grantee"].get("ID") == theirs
        else grant
        for grant in acl["Grants"]
    ]
    return {"Owner": owner, "Grants": grants}


def stories(control):
    """Return the cases of a control that change a bucket, and can be told."""
    return [
        case
        for case in cases(control)
        if case_calls(case) and case["name"] not in NOT_TOLD.get(control, {})
    ]
