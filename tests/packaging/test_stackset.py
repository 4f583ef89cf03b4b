"""What StackSets take: no transform, the same application, and the code that was built."""

import json
import re
import shutil
import subprocess
import sys
from io import BytesIO
from zipfile import ZipFile

import pytest

from bucketward_tools import stackset
from bucketward_tools.local import sam
from bucketward_tools.local.identifiers import Place
from bucketward_tools.local.template import Stack

from .conftest import ROOT

BUCKET, REGION = "acme-bucketward", "eu-west-1"
NAME = "StackSet-bucketward-12345678-1234-1234-1234-123456789012"
"""What StackSets call a stack, with an id that differs in each account and Region."""


@pytest.fixture(scope="module")
def written(built, tmp_path_factory):
    target = tmp_path_factory.mktemp("stackset")
    (target / "old.zip").touch()
    return {each.name: each for each in stackset.write(built, target)} | {"folder": target}


@pytest.fixture(scope="module")
def template(written):
    return json.loads(written["template.json"].read_text(encoding="utf-8"))


def codes(template):
    for name, each in template["Resources"].items():
        properties = each.get("Properties", {})
        if each["Type"] == "AWS::Lambda::Function":
            yield name, properties["Code"]
        elif each["Type"] == "AWS::Lambda::LayerVersion":
            yield name, properties["Content"]


def test_it_is_the_application_without_the_transform_and_the_place_of_its_code(template):
    shipped = sam.translated(ROOT / "template.yaml", REGION)
    assert "Transform" not in template
    assert len(json.dumps(template, indent=1)) < 1_000_000
    del template["Parameters"]["CodeBucket"]
    for each in (template, shipped):
        for name, code in codes(each):
            code.clear()
            each["Resources"][name].pop("Metadata", None)  # sam notes the resource's id there
    # The layer's id has a digest of where its code was.
    text = [re.sub(r"FrameworkLayer\w+", "Layer", json.dumps(t)) for t in (template, shipped)]
    assert json.loads(text[0]) == json.loads(text[1])


def test_every_function_and_the_layer_take_their_code_from_the_bucket_of_their_region(written):
    template = json.loads(written["template.json"].read_text(encoding="utf-8"))
    given = {"CodeBucket": BUCKET}
    stack = Stack(template, Place("111122223333", REGION, "aws"), given)
    found = [stack.resolve(code) for _, code in codes(template)]
    assert {each["S3Bucket"] for each in found} == {f"{BUCKET}-{REGION}"}
    archives = {each["S3Key"] for each in found}
    assert len(archives) == 4
    on_disk = {each.name for each in written["folder"].iterdir()}
    assert on_disk == archives | {"template.json"}


def test_an_archive_holds_what_was_built(written, built):
    def content(archive):
        with ZipFile(BytesIO(archive.read_bytes())) as opened:
            assert {each.external_attr >> 16 for each in opened.infolist()} == {0o644}
            return {each: opened.read(each) for each in opened.namelist()}

    template = json.loads(written["template.json"].read_text(encoding="utf-8"))
    code = template["Resources"]["BucketEncryptionRemediationFunction"]["Properties"]["Code"]
    folder = built / "BucketEncryptionRemediationFunction"
    built_files = {each.name: each.read_bytes() for each in folder.iterdir()}
    assert content(written[code["S3Key"]]) == built_files


def test_the_same_code_is_the_same_archive(written, built, tmp_path):
    again = {each.name for each in stackset.write(built, tmp_path)}
    assert again == written.keys() - {"folder"}


def test_the_names_that_stack_sets_give_fit(template):
    for each in template["Resources"].values():
        if each["Type"] == "AWS::Config::ConfigRule":
            name = each["Properties"]["ConfigRuleName"]["Fn::Sub"]
            assert len(name.replace("${AWS::StackName}", NAME)) <= 128
    pattern = json.dumps(template["Resources"]["LeftToPeople"]["Properties"]["EventPattern"])
    named = re.sub(r'\{"Fn::Sub": "\$\{AWS::StackName\}', f'"{NAME}', pattern)
    assert len(named.replace(" ", "")) <= 2048


@pytest.mark.parametrize("half", [False, True])
def test_without_a_build_one_sentence_says_what_to_do(half, tmp_path):
    if half:
        shutil.copy(ROOT / "template.yaml", tmp_path)
    command = [sys.executable, "-m", "bucketward_tools.stackset", "--built", str(tmp_path)]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert ran.stderr.endswith("Run `sam build` first.\n")
    assert "Traceback" not in ran.stderr
