"""A preset of the stack, from the parameter to the bucket."""

import json

from bucketward_tools.catalogue import controls
from bucketward_tools.frameworks import frameworks
from bucketward_tools.local import LocalAccount
from local.deployment import deploy
from local.story import create


def test_strict_asks_for_tls_1_2_where_nothing_is_set_and_the_remediation_knows_it():
    parameters = {"Framework": "strict", "Remediation": "all"}
    with deploy(["bucket_secure_transport"], parameters) as account:
        create(account, "acme-data")
        account.settle()
        assert account.compliance("bucket_secure_transport", "acme-data") == "COMPLIANT"
        policy = json.loads(account.snapshot("acme-data")["policy"])
    [version] = [each for each in policy["Statement"] if each["Sid"] == "BucketwardDenyOldTls"]
    assert version["Condition"] == {"NumericLessThan": {"s3:TlsVersion": "1.2"}}


def test_cis_asks_for_mfa_delete_on_every_bucket_and_judges_nothing_else():
    found = frameworks()
    with LocalAccount(parameters={"Framework": "cis"}) as account:
        create(account, "acme-data")
        account.settle()
        assert account.compliance("bucket_mfa_delete", "acme-data") == "NON_COMPLIANT"
        assert account.wiring.rules.keys() == {
            f"bucketward-{stem.replace('_', '-')}"
            for stem, control in controls().items()
            if found.deploys(control, "cis")
        }
