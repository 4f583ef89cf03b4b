"""When an ACL is public, in the form of S3's API and of a configuration item."""

import json

import pytest

from bucketward.policy import Options, judge_acl

OWNER_ID = "0123456789abcdef" * 4
OTHER_ID = "fedcba9876543210" * 4
GROUPS = "http://acs.amazonaws.com/groups"
OWN = {"Grantee": {"Type": "CanonicalUser", "ID": OWNER_ID}, "Permission": "FULL_CONTROL"}
OWN_ITEM = {"grantee": {"id": OWNER_ID, "displayName": None}, "permission": "FullControl"}
ITEM_NAMES = {
    "READ": "Read",
    "WRITE": "Write",
    "READ_ACP": "ReadAcp",
    "WRITE_ACP": "WriteAcp",
    "FULL_CONTROL": "FullControl",
}


def api(*grants):
    return {"Owner": {"ID": OWNER_ID}, "Grants": [OWN, *grants]}


def item(*grants):
    owner = {"displayName": None, "id": OWNER_ID}
    return {"grantSet": None, "grantList": [OWN_ITEM, *grants], "owner": owner}


def group(name, permission, folder="global"):
    grantee = {"Type": "Group", "URI": f"{GROUPS}/{folder}/{name}"}
    return {"Grantee": grantee, "Permission": permission}


@pytest.mark.parametrize("acl", [api(), item(), {"Owner": {"ID": OWNER_ID}, "Grants": []}])
def test_a_grant_to_the_owner_alone_is_private(acl):
    judgement = judge_acl(acl)
    assert judgement.valid
    assert not judgement.public
    assert not judgement.cross_account
    assert judgement.reasons == ("The ACL grants access to its owner only.",)


@pytest.mark.parametrize("name", ["AllUsers", "AuthenticatedUsers"])
@pytest.mark.parametrize(
    ("permission", "read", "write", "modify"),
    [
        ("READ", True, False, False),
        ("WRITE", False, True, False),
        ("READ_ACP", False, False, False),
        ("WRITE_ACP", False, False, True),
        ("FULL_CONTROL", True, True, True),
    ],
)
def test_any_permission_of_a_public_group_is_public(name, permission, read, write, modify):
    in_item = {"grantee": name, "permission": ITEM_NAMES[permission]}
    for acl in (
        api(group(name, permission)),
        item(in_item),
        json.dumps(item(in_item)),
        json.dumps(json.dumps(item(in_item))),
        json.dumps(api(group(name, permission))).encode(),
    ):
        judgement = judge_acl(acl)
        assert judgement.valid
        assert judgement.public
        assert judgement.public_read is read
        assert judgement.public_write is write
        assert judgement.allows_acl_modification is modify
        assert judgement.cross_account
        assert judgement.public_grants == (1,)
        assert judgement.foreign_grants == ()
        assert judgement.reasons == (f"Grant 2 gives {permission} to {name}.",)


@pytest.mark.parametrize(
    "acl",
    [
        api(group("LogDelivery", "WRITE", "s3"), group("LogDelivery", "READ_ACP", "s3")),
        item({"grantee": "LogDelivery", "permission": "Write"}),
    ],
)
def test_log_delivery_is_neither_public_nor_foreign(acl):
    judgement = judge_acl(acl)
    assert judgement.valid
    assert not judgement.public
    assert not judgement.cross_account


@pytest.mark.parametrize(
    "grantee",
    [
        {"Type": "CanonicalUser", "ID": OTHER_ID},
        {"Type": "CanonicalUser", "ID": "x", "DisplayName": "AllUsers"},
        {"Type": "AmazonCustomerByEmail", "EmailAddress": "eve@example.com"},
    ],
)
def test_a_grant_to_another_account_is_foreign_not_public(grantee):
    judgement = judge_acl(api({"Grantee": grantee, "Permission": "WRITE_ACP"}))
    assert not judgement.public
    assert judgement.cross_account
    assert judgement.allows_acl_modification
    assert judgement.foreign_grants == (1,)


def test_another_account_in_a_configuration_item_is_foreign():
    judgement = judge_acl(item({"grantee": {"id": OTHER_ID}, "permission": "Read"}))
    assert judgement.foreign_grants == (1,)
    assert not judgement.allows_acl_modification


def test_the_id_of_anonymous_uploaders_is_public_unless_the_option_is_on():
    grantee = {"Type": "CanonicalUser", "ID": "65a011a29cdf8ec533ec3d1ccaae921c"}
    acl = api({"Grantee": grantee, "Permission": "READ"})
    assert judge_acl(acl).public
    chosen = judge_acl(acl, options=Options(anonymous_canonical_id_is_private=True))
    assert not chosen.public
    assert chosen.cross_account


def test_without_an_owner_every_id_is_foreign():
    assert judge_acl({"Grants": [OWN]}).cross_account


def test_a_grant_set_stands_in_for_a_missing_grant_list():
    acl = {"grantList": None, "grantSet": [{"grantee": "AllUsers", "permission": "Read"}]}
    assert judge_acl(acl).public_grants == (0,)


def test_no_list_of_an_acl_that_has_two_is_passed_over():
    public = {"grantee": "AllUsers", "permission": "Read"}
    for acl in (item() | {"grantSet": [public]}, item(public) | {"grantSet": []}):
        assert judge_acl(acl).public_grants == (1,)
    assert not judge_acl(item() | {"grantSet": {}}).valid


@pytest.mark.parametrize(
    "acl",
    [
        None,
        "",
        "{",
        "null",
        7,
        [],
        {},
        b"\xff",
        "[" * 100_000,
        json.dumps(json.dumps(json.dumps(json.dumps(api())))),
        {"Grants": None},
        {"Grants": {}},
        {"grantList": None, "grantSet": None},
        api(None),
        api({}),
        api(group("AllUsers", "EVERYTHING")),
        api({"Grantee": {"Type": "Group"}, "Permission": "READ"}),
        api({"Grantee": {"URI": f"{GROUPS}/global/Everyone"}, "Permission": "READ"}),
        api({"Grantee": None, "Permission": "READ"}),
        api({"Grantee": {"ID": 7}, "Permission": "READ"}),
        item({"grantee": "Everyone", "permission": "Read"}),
        item({"grantee": "AllUsers", "permission": None}),
    ],
)
def test_what_cannot_be_read_is_invalid_and_fails_safe(acl):
    judgement = judge_acl(acl)
    assert judgement.valid is False
    assert judgement.public
    assert judgement.public_read
    assert judgement.public_write
    assert judgement.cross_account
    assert judgement.allows_acl_modification
    assert judgement.public_grants == ()
    (reason,) = judgement.reasons
    assert reason.endswith(".")
