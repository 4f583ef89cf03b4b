"""Alerts on a bucket's default encryption.

Since 2023 S3 encrypts every new object, so no change makes objects unencrypted. What can be lost
is the customer's KMS key and the block on keys that the caller brings (SSE-C); what can be gained
is a key in an account that can take it away.
"""

from collections.abc import Iterator

from bucketward.aspects import ENCRYPTION
from bucketward.changes.alert import Alert, Situation
from bucketward.changes.attack import DATA_ENCRYPTED, DISABLE_TOOLS
from bucketward.changes.payload import Element, arn_account, element, elements, text, texts
from bucketward.changes.vocabulary import deletes
from bucketward.verdict import Severity

_WRITES = (ENCRYPTION.put.event, *deletes(ENCRYPTION))
_SSE_C = "SSE-C"


def _rules(encryption: Element) -> Iterator[Element]:
    yield from elements(encryption, "Rule", "Rules")


def _kms(encryption: Element) -> bool:
    """Whether new objects are encrypted under KMS: aws:kms, or aws:kms:dsse."""
    return any(
        text(
            element(rule.get("ApplyServerSideEncryptionByDefault")).get("SSEAlgorithm")
        ).startswith("aws:kms")
        for rule in _rules(encryption)
    )


def _blocked(encryption: Element) -> set[str]:
    return {
        kind
        for rule in _rules(encryption)
        for kind in texts(element(rule.get("BlockedEncryptionTypes")).get("EncryptionType"))
    }


def _key_accounts(encryption: Element) -> Iterator[str]:
    """Give the accounts of keys named by ARN; a bare key id or alias is the account's own."""
    for rule in _rules(encryption):
        default = element(rule.get("ApplyServerSideEncryptionByDefault"))
        yield arn_account(default.get("KMSMasterKeyID"))


def _written(situation: Situation) -> Element:
    return situation.payload(ENCRYPTION.argument)


def _known_change(situation: Situation) -> bool:
    """Whether the record shows what is in force now: a deletion, or a request it describes."""
    return situation.described or situation.change.event_name in deletes(ENCRYPTION)


def _downgraded(situation: Situation) -> bool:
    return (
        _known_change(situation)
        and _kms(situation.previous(ENCRYPTION.name))
        and not _kms(_written(situation))
    )


def _sse_c_was_blocked(situation: Situation) -> bool:
    return _SSE_C in _blocked(situation.previous(ENCRYPTION.name))


def _sse_c_unblocked(situation: Situation) -> bool:
    """NONE says so; whether leaving the element out does as well, AWS does not document."""
    now = _blocked(_written(situation))
    dropped = _known_change(situation) and _sse_c_was_blocked(situation)
    return "NONE" in now or (dropped and _SSE_C not in now)


ALERTS = (
    Alert(
        id="encryption-changed",
        title="Bucket encryption created or modified",
        severity=Severity.LOW,
        events=(ENCRYPTION.put.event,),
        meaning="The default encryption of new objects was written. S3 does not check the key.",
        response="Compare algorithm and key with the baseline, and see that the key exists.",
        attack=(DISABLE_TOOLS,),
    ),
    Alert(
        id="encryption-deleted",
        title="Bucket encryption deleted",
        severity=Severity.MEDIUM,
        events=deletes(ENCRYPTION),
        grade=lambda seen: (
            Severity.HIGH
            if _kms(seen.previous(ENCRYPTION.name)) or _sse_c_was_blocked(seen)
            else Severity.MEDIUM
        ),
        meaning="New objects are encrypted with keys that S3 owns (SSE-S3), not with yours.",
        response="Put the previous encryption back.",
        attack=(DISABLE_TOOLS, DATA_ENCRYPTED),
    ),
    Alert(
        id="encryption-downgraded",
        title="Bucket encryption no longer uses KMS",
        severity=Severity.HIGH,
        events=_WRITES,
        when=_downgraded,
        meaning="The KMS key whose policy and trail guarded reads is no longer used.",
        response="Put the previous encryption back; re-encrypt what was written meanwhile.",
        attack=(DISABLE_TOOLS,),
    ),
    Alert(
        id="encryption-key-foreign",
        title="Bucket encrypts with another account's key",
        severity=Severity.CRITICAL,
        events=(ENCRYPTION.put.event,),
        when=lambda seen: any(map(seen.outside, _key_accounts(_written(seen)))),
        meaning="Whoever owns the key can make every object written from now on unreadable.",
        response="Put the previous encryption back; re-encrypt what was written meanwhile.",
        attack=(DATA_ENCRYPTED,),
    ),
    Alert(
        id="sse-c-unblocked",
        title="Encryption with caller-supplied keys allowed",
        severity=Severity.HIGH,
        events=_WRITES,
        when=_sse_c_unblocked,
        grade=lambda seen: Severity.HIGH if "NONE" in _blocked(_written(seen)) else Severity.MEDIUM,
        meaning="Objects can be overwritten under a key that AWS does not keep: a ransom's means.",
        response="Block SSE-C again; look for CopyObject and PutObject calls with SSE-C since.",
        attack=(DATA_ENCRYPTED,),
    ),
)
