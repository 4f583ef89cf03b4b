"""Put the previous algorithm and key back, else those of the parameters, else SSE-S3.

The newest earlier state with an accepted encryption is taken first, then the first of
`kmsKeyArns` with the first accepted KMS algorithm, then the first accepted algorithm. A choice
that would turn KMS into AES256, or DSSE into plain KMS, is passed over.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bucketward import ENCRYPTION, Automatic, Bucket, Call, Known, Refused, Remediation, put
from bucketward.encryption import KMS, DefaultEncryption
from bucketward.safety import weakening


@dataclass(frozen=True, slots=True)
class Parameters:
    algorithms: tuple[str, ...] = ("AES256", "aws:kms", "aws:kms:dsse")
    kms_key_arns: tuple[str, ...] = ()


def plan(bucket: Bucket, known: Known) -> Iterator[Call]:
    algorithms, keys = known.parameters.algorithms, known.parameters.kms_key_arns
    now = DefaultEncryption.of(bucket)
    if now and not now.fault(algorithms, keys):
        return
    for choice in _choices(known):
        call = put(ENCRYPTION, choice.into(bucket))
        if not choice.fault(algorithms, keys) and not weakening(
            bucket, call.apply(bucket), [ENCRYPTION]
        ):
            yield call
            return
    raise Refused(
        f"No accepted encryption is at least as strong as {now} on bucket {bucket.name}; set "
        "the control's kmsKeyArns or algorithms."
    )


def _choices(known: Known) -> Iterator[DefaultEncryption]:
    algorithms, keys = known.parameters.algorithms, known.parameters.kms_key_arns
    earlier = known.earlier()
    previous = DefaultEncryption.of(earlier) if earlier else None
    if previous:
        yield previous
    if keys:
        yield from (DefaultEncryption(each, keys[0]) for each in algorithms if each in KMS)
    yield from (DefaultEncryption(each) for each in algorithms)


remediation = Remediation(
    plan,
    calls=(ENCRYPTION.put,),
    reads=(ENCRYPTION,),
    earlier=True,
    automatic=Automatic.RECOMMENDED,
    parameters=Parameters,
)
