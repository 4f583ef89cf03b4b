"""The store is what the environment names, and costs nothing where it names none."""

import subprocess
import sys

import pytest

from baseline.samples import BUCKET, approval
from bucketward.baseline.store import Store
from bucketward.errors import BadInput


def test_without_an_environment_there_is_no_store():
    assert Store.from_environment() is None


def test_the_environment_names_tables_and_key(aws, monkeypatch):
    for name, value in {
        "BASELINES": "Baselines",
        "DECISIONS": "Decisions",
        "RECORDS": "Records",
        "KEY": aws.key,
    }.items():
        monkeypatch.setenv(f"BUCKETWARD_{name}", value)
    store = Store.from_environment()

    store.baselines.approve(approval())

    assert store.baselines.approved(BUCKET) == {"versioning": approval()}
    assert store.decisions.list("exemption") == []
    assert list(store.records.changes(BUCKET)) == []
    assert store.records is store.records


def test_a_function_is_told_of_the_table_it_was_not_given(monkeypatch):
    monkeypatch.setenv("BUCKETWARD_DECISIONS", "Decisions")
    monkeypatch.setenv("BUCKETWARD_BASELINES", "Baselines")
    store = Store.from_environment()

    assert store.decisions
    with pytest.raises(BadInput, match="BUCKETWARD_RECORDS is not set"):
        store.records  # noqa: B018
    with pytest.raises(BadInput, match="BUCKETWARD_KEY is not set"):
        store.baselines  # noqa: B018


@pytest.mark.parametrize("module", ["store", "approval", "journal", "seen"])
def test_values_and_the_stores_name_do_not_import_aws(module):
    code = f"import sys, bucketward.baseline.{module}; print('boto3' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout == "False\n"
