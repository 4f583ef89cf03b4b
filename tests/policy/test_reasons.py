"""The verdict in words: each sentence names its statement and the fact."""

import pytest

from bucketward.policy import deny_plaintext, deny_tls_below, judge

OWNER = "111122223333"
SHOWN = (r"a\nb" * 99)[:37]
PLAINTEXT_PASSES = (
    "No Deny for everyone covers s3:* over plaintext on both the bucket and its objects."
)


def allow(principal="*", **elements):
    return {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::ledger/*",
        **elements,
    }


def reasons(*statements):
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    return judge(document, OWNER, "ledger").reasons


@pytest.mark.parametrize(
    ("statement", "sentences"),
    [
        (allow(), ["Statement 1 allows reads to everyone without any condition."]),
        (
            allow(Sid="Open", Action="s3:PutObject"),
            ['Statement 1 ("Open") allows writes to everyone without any condition.'],
        ),
        (
            allow({"AWS": "arn:aws:iam::*:root"}),
            [
                (
                    "Statement 1 allows reads to a principal that is not a fixed value"
                    " without any condition."
                )
            ],
        ),
        (
            allow(Condition={"StringEquals": {"aws:Referer": "x"}}),
            [
                (
                    "Statement 1 allows reads to everyone and no condition limits it to fixed"
                    " values (aws:referer)."
                )
            ],
        ),
        (
            allow(Condition={"StringEquals": {"aws:SourceVpc": "vpc-1"}}),
            [
                "Statement 1 is open to everyone but limited to fixed values of aws:sourcevpc.",
                "Statement 1 allows reads to callers outside the owner's account.",
            ],
        ),
        (
            allow({"AWS": "444455556666"}, Action="s3:*"),
            [
                "Statement 1 allows reads and writes to 444455556666.",
                "Statement 1 lets others change the ACL, the policy or the encryption.",
                "Statement 1 grants every S3 action outside the owner's account.",
            ],
        ),
        (allow({"AWS": OWNER}), []),
        (
            allow({"AWS": ["444455556666", "arn:aws:iam::444455556666:root"]}),
            ["Statement 1 allows reads to 444455556666."],
        ),
        (
            allow({"AWS": [f"55556666777{number}" for number in range(5)]}),
            ["Statement 1 allows reads to 555566667770, 555566667771, 555566667772 and 2 more."],
        ),
        (
            allow(Sid="a\nb" * 99, Action="s3:NoSuch"),
            [
                'Statement 1 ("'
                + SHOWN
                + '...") allows an action to everyone without any condition.'
            ],
        ),
    ],
)
def test_each_fact_of_a_statement_is_one_sentence(statement, sentences):
    assert reasons(statement) == (*sentences, PLAINTEXT_PASSES)


def test_demands_are_named_where_they_hold():
    arn = "arn:aws:s3:::ledger"
    kms = {"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}}
    keys = {**deny_plaintext(arn), "Condition": kms}
    assert reasons(deny_plaintext(arn), deny_tls_below(arn, "1.2"), keys) == (
        "The policy denies every plaintext request on the bucket and its objects.",
        "The policy denies every TLS version below 1.2.",
        "The policy denies every upload that is not encrypted with a KMS key.",
    )


def test_a_contested_reading_is_named():
    found = reasons(allow({"Federated": "accounts.google.com"}))
    assert (
        "Statement 1 is judged public by the safer reading: a web identity provider is not taken"
        " as a fixed principal." in found
    )


def test_the_printed_form_holds_verdicts_only_where_the_policy_is_valid():
    valid = judge({"Statement": allow()}, OWNER).as_dict()
    assert valid["valid"] is True
    assert valid["public_read"] is True
    assert valid["public_write"] is False
    assert set(judge("{").as_dict()) == {"valid", "reasons"}
    assert "valid=True" in repr(judge({"Statement": allow()}, OWNER))
