"""Receivers on loopback, and accounts whose stack tells them."""

import json
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

from bucketward_tools.local import LocalAccount
from channels.told import ACCOUNT, CHAT, DEPLOY, SECRETS
from local.deployment import only


class Receivers:
    def __init__(self, url, journal):
        self.url, self.journal = url, journal

    def requests(self, path=""):
        """Return what arrived at paths that begin so."""
        lines = self.journal.read_text(encoding="utf-8").splitlines()
        return [each for each in map(json.loads, lines) if each["path"].startswith(path)]

    def bodies(self, path=""):
        return [json.loads(each["body"]) for each in self.requests(path)]


@contextmanager
def receiving(folder):
    journal = folder / "requests"
    journal.touch()
    program = Path(__file__).with_name("receiver.py")
    with subprocess.Popen(
        [sys.executable, str(program), str(journal)], stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            yield Receivers(f"http://127.0.0.1:{server.stdout.readline().strip()}", journal)
        finally:
            server.terminate()


@contextmanager
def opened(receivers, *channels, secrets=None, **parameters):
    """Open an account with channels switched on; ``secrets`` replaces their contents."""
    given = {
        "DeployBucketLogging": "false",
        "AuthorisedRoles": DEPLOY,
        **{name: value for each in channels for name, value in SECRETS[each].switch.items()},
        **parameters,
    }
    with LocalAccount(parameters=given, edit=only(["bucket_drift"]), account=ACCOUNT) as account:
        account.internal("sns").create_topic(Name=CHAT.rpartition(":")[2])
        for each in channels:
            content = (secrets or {}).get(each, SECRETS[each].content(receivers.url))
            if content:
                _keep(account, SECRETS[each].arn, content)
        yield account


def _keep(account, arn, content):
    """Make a secret with the ARN that the parameters name; moto would draw another."""
    from moto.secretsmanager.models import secretsmanager_backends

    name = arn.rpartition(":")[2]
    account.internal("secretsmanager").create_secret(Name=name, SecretString=content)
    secrets = secretsmanager_backends[ACCOUNT]["eu-central-1"].secrets
    secrets[name].arn = arn
    secrets[arn] = secrets[name]
