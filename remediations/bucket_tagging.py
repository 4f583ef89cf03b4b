"""Give missing and wrong tags their earlier values back, and keep all others."""

from collections.abc import Iterator
from dataclasses import dataclass

from bucketward import TAGGING, Automatic, Bucket, Call, Known, Refused, Remediation, put, tags
from bucketward.selection import tags as tags_of

MOST_TAGS = 50


@dataclass(frozen=True, slots=True)
class Parameters:
    required_tags: tuple[str, ...] = ()


def plan(bucket: Bucket, known: Known) -> Iterator[Call]:
    required = known.parameters.required_tags
    wrong = tags.faults(bucket, required)
    if not wrong:
        return
    values = _accepted(known.earlier(), required)
    for key in wrong:
        if key not in values:
            raise Refused(
                f"No accepted earlier value is known for tag {key} of bucket {bucket.name}; set it "
                "by hand."
            )
    document = bucket[TAGGING] or {}
    given = document.get("TagSet", [])
    kept = [{**tag, "Value": values[tag["Key"]]} if tag["Key"] in wrong else tag for tag in given]
    present = {tag["Key"] for tag in given}
    added = [{"Key": key, "Value": values[key]} for key in wrong if key not in present]
    if len(kept) + len(added) > MOST_TAGS:
        raise Refused(
            f"Bucket {bucket.name} has {len(kept)} tags, and S3 takes {MOST_TAGS} at most; remove "
            "some."
        )
    yield put(TAGGING, {**document, "TagSet": [*kept, *added]})


def _accepted(earlier: Bucket | None, required: tuple[str, ...]) -> dict[str, str]:
    if earlier is None:
        return {}
    wrong = tags.faults(earlier, required)
    return {key: value for key, value in tags_of(earlier).items() if key not in wrong}


remediation = Remediation(
    plan,
    calls=(TAGGING.put,),
    reads=(TAGGING,),
    earlier=True,
    automatic=Automatic.ALL,
    parameters=Parameters,
)
