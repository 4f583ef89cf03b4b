"""Edits change what was asked for and not one character more; the rest is refused."""

import json

import pytest

from bucketward.policy import (
    DENY_PLAINTEXT_SID,
    PolicyEditError,
    deny_plaintext,
    deny_tls_below,
    judge,
    with_statement,
    without_principals,
    without_statements,
)

ARN = "arn:aws:s3:::ledger"
FIRST = (
    '{ "Sid":"One", "Effect" :"Allow","Principal":"*",'
    ' "Action":"s3:Get\\u004fbject", "Resource":"*" }'
)
SECOND = (
    '{"Resource":"*","Action":["s3:PutObject"],'
    '"Principal":{"AWS":["111122223333","*"]},"Effect":"Allow"}'
)
THIRD = '{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Sid":"T\u00fcr"}'
TEXT = (
    '{\n "Id":"x", "Statement" : [\n  ' + FIRST + ",\n  " + SECOND + ",\n  " + THIRD
    + '\n ],\n "Version":"2012-10-17"}\n'
)  # fmt: skip
SINGLE = '{"Version":"2012-10-17","Statement": ' + FIRST + "}"


@pytest.mark.parametrize(
    ("indices", "kept"),
    [
        ([0], SECOND + ",\n  " + THIRD),
        ([1], FIRST + ",\n  " + THIRD),
        ([2], FIRST + ",\n  " + SECOND),
        ([0, 1], THIRD),
        ([2, 0], SECOND),
        ([1, 2, 2], FIRST),
        ([], FIRST + ",\n  " + SECOND + ",\n  " + THIRD),
    ],
)
def test_statements_go_and_the_text_of_the_others_stays(indices, kept):
    expected = '{\n "Id":"x", "Statement" : [\n  ' + kept + '\n ],\n "Version":"2012-10-17"}\n'
    assert without_statements(TEXT, indices) == expected


@pytest.mark.parametrize(("text", "indices"), [(TEXT, [0, 1, 2]), (SINGLE, [0])])
def test_no_policy_is_left_without_statements(text, indices):
    assert without_statements(text, indices) is None


def test_one_principal_goes_and_the_others_stay():
    edited = without_principals(TEXT, {1: ["*"]})
    assert edited == TEXT.replace('["111122223333","*"]', '["111122223333"]')


def test_a_statement_that_loses_its_last_principal_goes():
    assert without_principals(TEXT, {0: ["*"]}) == without_statements(TEXT, [0])
    assert without_principals(TEXT, {1: ["*", "111122223333"]}) == without_statements(TEXT, [1])
    assert without_principals(SINGLE, {0: {"*"}}) is None


def test_several_statements_lose_principals_at_once():
    edited = without_principals(TEXT, {0: ["*"], 1: ["*"]})
    assert json.loads(edited)["Statement"][0]["Principal"] == {"AWS": ["111122223333"]}
    assert edited.count("Effect") == 2


def test_an_emptied_kind_of_principal_goes_and_the_other_kind_stays():
    text = SINGLE.replace('"*"', '{"AWS":"a","Service":["s","t"]}', 1)
    edited = without_principals(text, {0: ["a", "s"]})
    assert json.loads(edited)["Statement"]["Principal"] == {"Service": ["t"]}
    assert without_principals(text, {0: []}) == text


@pytest.mark.parametrize(
    "unwanted",
    [
        {2: ["*"]},
        {0: ["111122223333"]},
        {0: "*"},
        {1: ["444455556666"]},
        {3: ["*"]},
        {-1: ["*"]},
        {True: ["*"]},
    ],
)
def test_principals_that_cannot_be_taken_out_safely_are_refused(unwanted):
    with pytest.raises(PolicyEditError):
        without_principals(TEXT, unwanted)


def test_not_principal_is_never_shortened():
    text = SINGLE.replace('"Principal":"*"', '"NotPrincipal":{"AWS":["a","b"]}')
    with pytest.raises(PolicyEditError, match="no principals"):
        without_principals(text, {0: ["a"]})


@pytest.mark.parametrize("indices", [[3], [-1], [True]])
def test_a_statement_that_is_not_there_cannot_go(indices):
    with pytest.raises(PolicyEditError, match="no statement with the index"):
        without_statements(TEXT, indices)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"Statement":[]}',
        '{"Statement":["x"]}',
        "\ufeff" + SINGLE,
        '{"Statement":{},"Statement":{}}',
        '{"Statement":{"Sid":"a","Sid":"b"}}',
        b"\xff",
        None,
        json.loads(SINGLE),
    ],
)
@pytest.mark.parametrize(
    "edit",
    [
        lambda text: without_statements(text, []),
        lambda text: without_principals(text, {}),
        lambda text: with_statement(text or "", deny_plaintext(ARN)),
    ],
)
def test_a_text_that_is_no_clear_policy_is_refused(edit, text):
    with pytest.raises(PolicyEditError):
        edit(text)


def test_a_statement_is_added_last_and_once():
    added = deny_plaintext(ARN)
    edited = with_statement(TEXT, added)
    written = json.dumps(added, separators=(",", ":"))
    assert edited == TEXT.replace(THIRD, THIRD + ",\n  " + written)
    assert with_statement(edited, added) == edited
    assert judge(edited, bucket="ledger").tls_enforced


def test_a_statement_is_added_to_a_single_one_and_to_nothing():
    added = deny_plaintext(ARN)
    beside = json.loads(with_statement(SINGLE, added))
    assert beside["Statement"] == [json.loads(FIRST), added]
    alone = with_statement(None, added)
    assert json.loads(alone) == {"Version": "2012-10-17", "Statement": [added]}
    assert with_statement(alone, added) == alone


def test_a_stale_statement_of_the_same_sid_is_replaced_in_place():
    stale = with_statement(TEXT, {**deny_plaintext(ARN), "Action": "s3:GetObject"})
    stale = with_statement(stale, {**deny_plaintext(ARN), "Sid": "After"})
    edited = with_statement(stale, deny_plaintext(ARN))
    sids = [statement.get("Sid") for statement in json.loads(edited)["Statement"]]
    assert sids == ["One", None, "T\u00fcr", DENY_PLAINTEXT_SID, "After"]
    assert judge(edited, bucket="ledger").tls_enforced
    assert FIRST in edited
    assert SECOND in edited


def test_an_equal_statement_is_left_as_it_is_written():
    reordered = dict(reversed(deny_plaintext(ARN).items()))
    text = json.dumps({"Statement": reordered}, indent=1)
    assert with_statement(text, deny_plaintext(ARN)) == text


def test_true_and_one_are_not_equal_statements():
    text = json.dumps({"Statement": {**json.loads(FIRST), "Condition": {"Bool": {"k": 1}}}})
    new = {**json.loads(FIRST), "Condition": {"Bool": {"k": True}}}
    assert with_statement(text, new) != text


@pytest.mark.parametrize(
    ("text", "statement"),
    [
        (TEXT, {key: value for key, value in deny_plaintext(ARN).items() if key != "Sid"}),
        (TEXT, {**deny_plaintext(ARN), "Sid": ""}),
        (TEXT, {**deny_plaintext(ARN), "Effect": "deny"}),
        (
            json.dumps({"Statement": [deny_plaintext(ARN), deny_plaintext(ARN)]}),
            deny_plaintext(ARN),
        ),
        (
            json.dumps({"Statement": deny_plaintext(ARN)}),
            {**deny_plaintext(ARN), "Sid": "V", "Resource": "arn:aws:s3:::b/${aws:username}/*"},
        ),
    ],
)
def test_a_statement_that_cannot_be_added_safely_is_refused(text, statement):
    with pytest.raises(PolicyEditError):
        with_statement(text, statement)


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])
def test_built_statements_stay_in_the_partition_of_the_bucket(partition):
    arn = f"arn:{partition}:s3:::ledger"
    for statement in (deny_plaintext(arn), deny_tls_below(arn, "1.2")):
        assert statement["Resource"] == [arn, f"{arn}/*"]
    assert deny_plaintext(arn)["Sid"] != deny_tls_below(arn, "1.2")["Sid"]


@pytest.mark.parametrize(
    "arn",
    ["", "ledger", "arn:aws:s3:::", "arn:aws:s3:::ledger/*", "arn:aws:s3:::l*", "arn:*:s3:::ledger",
     "arn:aws:s3:eu-west-1:111122223333:accesspoint/a", "arn:aws:sns:::ledger"],
)  # fmt: skip
def test_only_the_arn_of_one_bucket_is_taken(arn):
    with pytest.raises(PolicyEditError, match="not the ARN of one bucket"):
        deny_plaintext(arn)


@pytest.mark.parametrize("version", ["1.0", "1.4", "", "TLSv1.2"])
def test_a_tls_version_that_denies_nothing_useful_is_refused(version):
    with pytest.raises(PolicyEditError, match="TLS version"):
        deny_tls_below(ARN, version)
