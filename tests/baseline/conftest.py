"""The store's tables and keys in moto, whose conditions and transactions are good enough here.

What moto does not do: delete what has expired, conflict two transactions, lag behind in an index.
"""

from types import SimpleNamespace

import pytest
from moto import mock_aws

from baseline.tables import make_key, make_table
from bucketward import _aws
from bucketward.baseline.baselines import Baselines
from bucketward.baseline.decisions import Decisions
from bucketward.baseline.records import Records


@pytest.fixture
def aws():
    """Give the clients, with the tables there."""
    _aws.client.cache_clear()
    # Keeping the session saves most of a second: it holds what it read of the services' models.
    with mock_aws(config={"core": {"reset_boto3_session": False}}):
        make_table("Baselines", "bucket", "entry")
        make_table("Decisions", "kind", "id")
        make_table("Records", "subject", "entry", index="principal")
        yield SimpleNamespace(
            dynamodb=_aws.client("dynamodb"), kms=_aws.client("kms"), key=make_key()
        )
    _aws.client.cache_clear()


@pytest.fixture
def baselines(aws):
    return Baselines("Baselines", aws.key)


@pytest.fixture
def decisions(aws):
    return Decisions("Decisions")


@pytest.fixture
def records(aws):
    return Records("Records")


@pytest.fixture
def calls(aws):
    """Count the calls by operation from here on."""
    made = []
    for client in (aws.dynamodb, aws.kms):
        client.meta.events.register("before-call.*.*", lambda model, **_: made.append(model.name))
    return made


@pytest.fixture
def meanwhile(aws):
    """Do something just before the next transaction is sent, as a quicker writer would."""

    def arrange(action, times=1):
        left = [action] * times

        def quicker(**_):
            if left:
                left.pop()()

        aws.dynamodb.meta.events.register("before-call.dynamodb.TransactWriteItems", quicker)

    return arrange


@pytest.fixture
def rows(aws):
    """Read and overwrite items behind the store's back, as who can write the table would."""

    class Rows:
        def get(self, bucket, entry):
            key = {"bucket": {"S": bucket}, "entry": {"S": entry}}
            return aws.dynamodb.get_item(TableName="Baselines", Key=key).get("Item")

        def put(self, item):
            aws.dynamodb.put_item(TableName="Baselines", Item=item)

        def delete(self, bucket, entry):
            key = {"bucket": {"S": bucket}, "entry": {"S": entry}}
            aws.dynamodb.delete_item(TableName="Baselines", Key=key)

        def all(self, table="Baselines"):
            pages = aws.dynamodb.get_paginator("scan").paginate(TableName=table)
            return [item for page in pages for item in page["Items"]]

    return Rows()
