"""docs/channels.md shows parameters that exist, messages that are sent, and code that works."""

import re
import time

from samtranslator.yaml_helper import yaml_parse

from bucketward.channels import channels, message
from bucketward.channels.https import signature
from bucketward_tools.catalogue import ROOT
from channels.told import KEY, alert, incident

PAGE = (ROOT / "docs" / "channels.md").read_text(encoding="utf-8")
PARAMETERS = yaml_parse((ROOT / "template.yaml").read_text(encoding="utf-8"))["Parameters"]


def test_every_channel_is_in_the_table_with_its_parameters_and_default():
    rows = re.findall(r"^\| (.+?) \| (.+?) \| `(\w+)` \((\w+)\) \|", PAGE, re.MULTILINE)
    known = channels().values()
    assert [row[0] for row in rows] == [each.title for each in known]
    for (_, switches, severity, default), each in zip(rows, known, strict=True):
        assert each.parameter in re.findall(r"`(\w+)`", switches)
        assert set(re.findall(r"`(\w+)`", switches)) <= PARAMETERS.keys()
        assert PARAMETERS[severity]["Default"] == default == each.minimum
        assert PARAMETERS[each.parameter]["Default"] == ""


def test_every_parameter_that_is_named_exists():
    named = set(re.findall(r"`?(\w+(?:SecretArn|Severity|TopicArn))\b", PAGE))
    assert named <= PARAMETERS.keys()
    [arn] = re.findall(r"SlackSecretArn=(\S+)", PAGE)
    assert re.fullmatch(PARAMETERS["SlackSecretArn"]["AllowedPattern"], arn)


def test_the_message_is_what_is_sent():
    [shown] = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
    event = alert("versioning-suspended", aspect="versioning", event_name="PutBucketVersioning")
    assert message.plain(incident(event)).startswith(shown.strip())


def test_the_example_tells_a_signature_from_another():
    [code] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    names = {}
    exec(code, names)
    check, now = names["is_from_bucketward"], int(time.time())
    assert check(KEY, signature(KEY, b"{}", now), b"{}")
    assert not check(KEY, signature(KEY, b"{}", now), b"{ }")
    assert not check(KEY, signature("x" * 16, b"{}", now), b"{}")
    assert not check(KEY, signature(KEY, b"{}", now - 3600), b"{}")
    assert not check(KEY, "t=,v1=", b"{}")
