"""Read a SAM template and turn its SAM resources into those of CloudFormation, offline."""

from __future__ import annotations

import json
import logging
import os
from functools import cache
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import yaml

from .errors import TemplateError

if TYPE_CHECKING:
    from pathlib import Path

Value = Any
CODE = "s3://local/"
"""Where packaged code is said to be; what follows is its path next to the template."""


# libyaml's, where PyYAML was built with it: ten times as fast.
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_SafeLoader):  # type: ignore[misc]
    """YAML with CloudFormation's short forms: ``!Sub x`` is ``{"Fn::Sub": x}``."""


def _short_form(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Value]:
    value: Value
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)  # type: ignore[arg-type]
    if suffix in {"Ref", "Condition"}:
        return {suffix: value}
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _short_form)
# CloudFormation reads "2012-10-17" as text, YAML as a date.
_Loader.yaml_implicit_resolvers = {
    first: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:timestamp"]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def translated(path: Path, region: str) -> dict[str, Value]:
    """Read a SAM template and turn its SAM resources into those of CloudFormation."""
    try:
        text = path.read_text()
    except OSError as error:
        raise TemplateError(f"{path} cannot be read: {error}") from error
    return of_text(text, region)


def of_text(text: str, region: str) -> dict[str, Value]:
    """Turn the text of a SAM template into a template of CloudFormation."""
    return json.loads(_translated(text, region))  # type: ignore[no-any-return]


@cache
def _translated(text: str, region: str) -> str:
    """Translate once a process; as text, so that whoever edits the result edits a copy."""
    return json.dumps(_translate(_parse(text), region))


def _parse(text: str) -> dict[str, Value]:
    """Parse a template; CodeUri and ContentUri keep their local path behind an S3 address."""
    try:
        template = yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as error:
        raise TemplateError(f"The template is not YAML: {error}") from error
    if not isinstance(template, dict) or "Resources" not in template:
        raise TemplateError("The file is no CloudFormation template: it has no Resources.")
    defaults = template.get("Globals", {}).values()
    for properties in [
        *defaults,
        *(each.get("Properties", {}) for each in template["Resources"].values()),
    ]:
        for key in ("CodeUri", "ContentUri"):
            if isinstance(properties.get(key), str):
                # The translator, as `sam deploy`, wants packaged code.
                properties[key] = CODE + properties[key]
    return template


def _translate(template: dict[str, Value], region: str) -> dict[str, Value]:
    from samtranslator.public.exceptions import InvalidDocumentException
    from samtranslator.translator.arn_generator import ArnGenerator
    from samtranslator.translator.transform import transform

    class NoManagedPolicies:
        def load(self) -> dict[str, str]:
            raise TemplateError("A function's Policies names a managed policy; write its actions.")

    # Its own metrics are of no use here, and it warns at exit that nobody published them.
    logging.getLogger("samtranslator.metrics").setLevel(logging.ERROR)
    ArnGenerator.BOTO_SESSION_REGION_NAME = region
    try:
        with patch.dict(os.environ, AWS_DEFAULT_REGION=region):
            return transform(template, {}, NoManagedPolicies())  # type: ignore[no-any-return]
    except InvalidDocumentException as error:
        causes = "; ".join(str(cause.message) for cause in error.causes)
        raise TemplateError(f"The template is no valid SAM template: {causes}") from error
