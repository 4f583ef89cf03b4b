"""Turn on the flags of the account's public access block that are off."""

from collections.abc import Iterator

from bucketward import Automatic, Known, Remediation
from bucketward.account import ACCOUNT_BLOCK, PUT_ACCOUNT_BLOCK, Account, AccountCall
from bucketward.public_access import FLAGS, flags_off


def plan(account: Account, known: Known) -> Iterator[AccountCall]:  # noqa: ARG001
    if flags_off(account[ACCOUNT_BLOCK]):
        block = dict.fromkeys(FLAGS, True)
        yield AccountCall(PUT_ACCOUNT_BLOCK, {"PublicAccessBlockConfiguration": block})


remediation = Remediation(
    plan,
    calls=(PUT_ACCOUNT_BLOCK,),
    reads=(ACCOUNT_BLOCK,),
    automatic=Automatic.RECOMMENDED,
    subject=Account,
)
