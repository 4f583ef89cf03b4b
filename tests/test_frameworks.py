"""frameworks/*.yaml: what is in them is so, and what is not is refused in one sentence."""

import re
import tomllib

import pytest

from bucketward.errors import BadInput
from bucketward_tools.catalogue import ROOT, controls
from bucketward_tools.frameworks import PRESETS, frameworks

S3 = {f"S3.{number}" for number in range(1, 26)}
RETIRED = {"S3.4"}
NEVER = {"S3.16", "S3.18", "S3.21"}
CIS = {"2.1.1", "2.1.2", "2.1.3", "2.1.4", "3.4", "3.8", "3.9", "4.8"}
FSBP = {f"S3.{number}" for number in (1, 2, 3, 5, 6, 8, 9, 12, 13, 19, 24, 25)}


def ids(name):
    [found] = [each for each in frameworks() if each.name == name]
    return [item.id for item in found.requirements]


def test_the_requirements_are_those_of_the_sources():
    assert set(ids("cis-3.0")) == set(ids("cis-5.0")) == CIS
    assert set(ids("fsbp")) == FSBP
    assert sorted(ids("fsbp") + ids("security-hub")) == sorted(S3 - RETIRED - NEVER)


def test_every_control_is_in_a_framework_and_strict_holds_all():
    found = frameworks()
    for stem, control in controls().items():
        presets = [preset for preset in PRESETS if found.deploys(control, preset)]
        assert "strict" in presets, stem


def test_a_requirement_has_a_control_or_a_reason_and_a_title_of_its_own():
    for framework in frameworks():
        for item in framework.requirements:
            assert item.controls or item.note.endswith("."), item.id
            assert item.title
            assert not item.title.endswith("."), item.id
            assert " should " not in item.title, "in our words"
            assert set(item.controls) <= set(controls())


def test_a_rule_that_refers_to_a_security_hub_control_is_named_there():
    """Else a new control would be left out of the presets by oversight."""
    found = frameworks()
    for stem, control in controls().items():
        linked = set(re.findall(r"s3-controls\.html#s3-(\d+)", control.rule.doc))
        named = {
            item.id.removeprefix("S3.") for _, item in found.of(stem) if item.id.startswith("S3.")
        }
        assert linked <= named, stem


def test_a_rule_is_as_severe_as_the_security_hub_control_that_it_stands_for():
    found = frameworks()
    for stem, control in controls().items():
        levels = {item.level for _, item in found.of(stem) if item.id.startswith("S3.")}
        assert not levels or control.rule.severity in levels, stem


def test_frameworks_ship_with_the_command_line():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    shipped = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert shipped["frameworks"] == "bucketward_tools/shipped/frameworks"


@pytest.fixture
def root(tmp_path):
    """Make a tree with the controls and a folder of frameworks of its own."""
    for folder in ("rules", "remediations"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    (tmp_path / "frameworks").mkdir()
    for preset in set(PRESETS) - {"all"}:
        write(tmp_path, preset, f"{{label: x, title: X, preset: {preset}}}")
    return tmp_path


def write(root, name, text):
    (root / "frameworks" / f"{name}.yaml").write_text(text, encoding="utf-8")


def requirement(text):
    return f"{{label: x, title: X, requirements: [{{{text}}}]}}"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[", "frameworks/own.yaml is not YAML"),
        ("", "must be a mapping"),
        ("[]", "must be a mapping"),
        ("{label: x}", "title is missing"),
        ("{label: x, title: X, colour: red}", "'colour' is not known"),
        ("{label: x, title: X, preset: iso}", "the preset 'iso' is none of"),
        ("{label: x, title: X, preset: all}", "the preset 'all' is none of"),
        ("{label: x, title: X, every: 1}", "every must be a bool"),
        ("{label: x, title: X, requirements: [1]}", "must be a mapping"),
        (requirement("id: 3.4, title: X, note: N"), "id must be a str; quote a number"),
        (requirement("id: a, title: X"), "own.yaml, a: name its controls, or say in a note why"),
        (requirement("id: a, title: X, controls: [bucket_x]"), "there is no control 'bucket_x'"),
        (requirement("id: a, title: X, note: N}, {id: a, title: X, note: N"), "stands there twice"),
        (
            requirement(
                "id: a, title: X, controls: [bucket_cors], parameters: {bucket_cors: {x: 1}}"
            ),
            "bucket_cors has no parameter",
        ),
        (
            requirement("id: a, title: X, note: N, parameters: {bucket_cors: {allowedOrigins: a}}"),
            "parameters of 'bucket_cors', which is no control of it",
        ),
        (
            "{label: x, title: X, parameters: {bucket_secure_transport: {minimumTlsVersion: '2'}}}",
            "minimumTlsVersion of bucket_secure_transport is '2'",
        ),
    ],
)
def test_what_is_not_so_is_refused_with_the_place(root, text, sentence):
    write(root, "own", text)
    with pytest.raises(BadInput) as refused:
        frameworks(root)
    assert sentence in str(refused.value)
    assert "frameworks/own.yaml" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_preset_that_no_file_is_for_is_refused(root):
    (root / "frameworks" / "cis.yaml").unlink()
    with pytest.raises(BadInput, match="No file of frameworks/ is for the preset cis"):
        frameworks(root)


def test_two_frameworks_of_one_preset_may_not_ask_for_two_values(root):
    for number in (1, 2):
        asked = f"{{bucket_secure_transport: {{minimumTlsVersion: '1.{number}'}}}}"
        text = f"{{label: x, title: X, preset: cis, parameters: {asked}}}"
        write(root, f"cis-{number}", text)
    with pytest.raises(BadInput, match="cis-2 asks for another minimumTlsVersion"):
        frameworks(root).asked("bucket_secure_transport")


def test_a_framework_that_is_no_preset_sets_nothing(root):
    asked = "{bucket_secure_transport: {minimumTlsVersion: '1.3'}}"
    write(root, "own", f"{{label: x, title: X, parameters: {asked}}}")
    assert frameworks(root).asked("bucket_secure_transport") == {}


def test_a_preset_may_name_a_control_that_is_opt_in(root):
    lock = controls()["bucket_object_lock"]
    assert lock.rule.opt_in
    assert not frameworks(root).deploys(lock, "cis")
    text = "{label: x, title: X, preset: cis, requirements: [{id: a, title: X, controls: [%s]}]}"
    write(root, "own", text % lock.stem)
    assert frameworks(root).deploys(lock, "cis")
    assert not frameworks(root).deploys(lock, "all")
