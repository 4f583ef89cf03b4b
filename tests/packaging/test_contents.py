"""What is packaged is what runs: no strays, no models of other services, nothing compiled."""

import ast
import re
import shutil
from pathlib import Path

from bucketward import Bucket
from bucketward_tools.catalogue import ROOT, controls

from .conftest import resources

SERVICES = {
    "accessanalyzer",
    "cloudformation",
    "cloudtrail",
    "cloudwatch",
    "config",
    "dynamodb",
    "events",
    "guardduty",
    "kms",
    "lambda",
    "logs",
    "macie2",
    "s3",
    "s3control",
    "secretsmanager",
    "securityhub",
    "sns",
    "sqs",
    "ssm",
    "sts",
}
SHARED_MODELS = {
    "_retry.json",
    "endpoints.json",
    "partitions.json",
    "sdk-default-configuration.json",
}


def files(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_every_function_and_the_layer_are_built(project, built):
    assert {path.name for path in built.iterdir() if path.is_dir()} == resources(project).keys()


def test_a_function_holds_the_modules_of_its_folder_and_nothing_else(project, built):
    for name, resource in resources(project).items():
        if resource["Type"] == "AWS::Serverless::Function":
            code = resource["Properties"]["CodeUri"]
            data = {"controls.json"} if code == "monitors/" else set()
            modules = {path.name for path in (project / code).glob("*.py")}
            assert files(built / name) == modules | data, name


def test_the_strays_are_where_sam_could_have_taken_them_from(project):
    """The tests of what is not packaged would pass without them."""
    assert (project / "rules/__pycache__").is_dir()
    assert (project / "src/bucketward/.ipynb_checkpoints/rule.py").is_file()


def test_the_layer_holds_the_framework_as_it_is(project, layer):
    source = project / "src" / "bucketward"
    assert files(layer / "bucketward") == {"py.typed"} | {
        name for name in files(source) if re.fullmatch(r"(\w+/)*\w+\.py", name)
    }


def test_the_layer_holds_nothing_compiled_hidden_or_runnable(layer):
    strange = [
        name
        for name in files(layer)
        if re.search(r"(^|/)(\.|__pycache__|bin/|tests?/)|\.(pyc|pyo|so|exe)$", name)
    ]
    assert strange == []


def test_the_layer_holds_the_models_of_the_services_in_use(layer):
    models = layer / "botocore" / "data"
    assert {path.name for path in models.iterdir()} == SERVICES | SHARED_MODELS


def test_the_layer_leaves_out_what_nothing_imports(layer, tmp_path):
    assert not (layer / "boto3" / "data").exists()
    assert not (layer / "aws_lambda_powertools" / "event_handler").exists()
    packed = shutil.make_archive(str(tmp_path / "layer"), "zip", layer)
    assert not list((layer / "botocore" / "data").rglob("examples-1.json"))
    assert Path(packed).stat().st_size < 3_700_000


def test_the_services_in_use_are_those_that_the_framework_makes_clients_of():
    made = {"sts"}  # botocore makes it, where a rule is asked to assume a role
    for control in controls().values():
        if control.remediation and control.remediation.subject is not Bucket:
            made |= {operation.service for operation in control.remediation.calls}
    for path in (ROOT / "src" / "bucketward").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Name(id="client" | "_paged") | ast.Attribute(attr="client"),
                    args=[ast.Constant(value=str(service)), *_],
                ):
                    made.add(service)
    assert made == SERVICES


def test_the_layer_can_be_told_by_its_packages(layer):
    """Scanners of deployed code, such as Amazon Inspector, read METADATA."""
    lock = (ROOT / "src" / "requirements.txt").read_text(encoding="utf-8")
    found = {path.parent.name for path in layer.glob("*.dist-info/METADATA")}
    assert found == {
        f"{name.replace('-', '_')}-{version}.dist-info"
        for name, version in re.findall(r"^([\w-]+)==([\w.]+)", lock, re.MULTILINE)
    }


def test_code_of_both_sides_is_separate(built):
    for control in controls().values():
        if control.remediation:
            sides = (f"{control.name}{side}Function" for side in ("Rule", "Remediation"))
            rule, remediation = (
                (built / side / f"{control.stem}.py").read_text() for side in sides
            )
            assert rule != remediation
