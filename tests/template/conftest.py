"""The generated template as CloudFormation sees it: shipped, and with more controls than now."""

import shutil

import pytest
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

from bucketward_tools import generate
from bucketward_tools.catalogue import ROOT, controls
from bucketward_tools.local.identifiers import Place
from bucketward_tools.local.template import Stack

CONTROLS = 64
"""As many controls as docs/limits.md says fit."""

RULE_ONLY = '''"""Buckets must have a name that the tests like.

## Why is this bad?
It is not.

## What it checks
Nothing: the control stands for one that has parameters of every kind and no remediation.

## Remediation safety
There is no remediation.

## References
- https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
"""

from dataclasses import dataclass

from bucketward import Bucket, Rule, Severity, Verdict, compliant, parameter


@dataclass(frozen=True, slots=True)
class Parameters:
    longest: int = parameter(63, "Characters that a name may have.")
    dots: bool = parameter(True, "Whether a name may have dots.")
    prefix: str = parameter("", "What a name starts with.", pattern="[a-z]+")


def evaluate(bucket: Bucket, parameters: Parameters = Parameters()) -> Verdict:
    return compliant(f"{bucket.name} is a name, {parameters.longest} or not.")


rule = Rule(evaluate, severity=Severity.LOW, reads=(), parameters=Parameters)
'''


class _ManagedPolicies:
    """Stands for IAM, which the translator would ask for the ARNs of managed policies."""

    def load(self):
        return {}


class Application:
    """A generated template, before and after SAM's translation, and what it was made from."""

    def __init__(self, text, controls):
        self.text, self.controls = text, controls
        self.source = yaml_parse(text)
        given = {name: each["Default"] for name, each in self.source["Parameters"].items()}
        uploaded = yaml_parse(text)
        for each in uploaded["Resources"].values():
            # Where sam package puts the address of the code that it uploaded.
            for key in {"CodeUri", "ContentUri"} & each.get("Properties", {}).keys():
                each["Properties"][key] = "s3://artifacts/code.zip"
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
            self.translated = transform(uploaded, given, _ManagedPolicies())

    @property
    def resources(self):
        return self.translated["Resources"]

    def of_type(self, kind):
        return {name: each for name, each in self.resources.items() if each["Type"] == kind}

    def properties(self, name):
        return self.resources[name]["Properties"]

    def statements(self, role):
        """Return a role's statements but for that of tracing, see test_tracing.py."""
        policies = self.properties(role).get("Policies", [])
        every = [each for policy in policies for each in policy["PolicyDocument"]["Statement"]]
        return [each for each in every if each.get("Fn::If", [""])[0] != "Traces"]

    def stack(self, **parameters):
        """Return it with values for its parameters, as the local account resolves it."""
        return Stack(self.translated, Place("111122223333", "eu-central-1", "aws"), parameters)

    def deployed(self, **parameters):
        """Return the stems of the controls whose condition holds."""
        stack = self.stack(**parameters)
        return {
            stem
            for stem, control in self.controls.items()
            if stack.resolve({"Condition": f"Deploy{control.name}"})
        }

    @property
    def document(self):
        return self.properties("RemediationDocument")["Content"]


def copied(root):
    """Copy what the generator reads, so that a test can add to it."""
    for folder in ("rules", "remediations", "frameworks", "infra", "tests/cases"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return root


def application(root):
    return Application(generate.files(root)["template.yaml"], controls(root))


@pytest.fixture(scope="session")
def shipped():
    return Application((ROOT / "template.yaml").read_text(encoding="utf-8"), controls())


@pytest.fixture(scope="session")
def extended(tmp_path_factory):
    """Add a control without a remediation, and copies of those with one up to seventy."""
    root = copied(tmp_path_factory.mktemp("extended"))
    (root / "rules" / "bucket_name.py").write_text(RULE_ONLY, encoding="utf-8")
    stems = [stem for stem, control in controls().items() if control.remediation]
    for number in range(CONTROLS - len(controls()) - 1):
        stem = stems[number % len(stems)]
        for folder in ("rules", "remediations"):
            module = root / folder / f"{stem}.py"
            if module.is_file():
                shutil.copy(module, root / folder / f"{stem}_{number}.py")
    return application(root)


@pytest.fixture(scope="session", params=["shipped", "extended"])
def app(request):
    return request.getfixturevalue(request.param)


def holds(value, conditions, parameters):
    """Work out a condition function of CloudFormation."""
    match value:
        case {"Fn::If": [name, then, other]}:
            taken = holds(conditions[name], conditions, parameters)
            return holds(then if taken else other, conditions, parameters)
        case {"Fn::Not": [condition]}:
            return not holds(condition, conditions, parameters)
        case {"Fn::Equals": [one, two]}:
            return holds(one, conditions, parameters) == holds(two, conditions, parameters)
        case {"Ref": name}:
            return parameters[name]
        case _:
            return value
