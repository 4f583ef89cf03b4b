"""What is checked in is what the generator writes; a new control needs no edit elsewhere."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from samtranslator.yaml_helper import yaml_parse

from bucketward.errors import BadInput
from bucketward_tools import generate
from bucketward_tools.catalogue import ROOT, controls
from bucketward_tools.frameworks import frameworks
from bucketward_tools.generate.holes import Tag, fill
from bucketward_tools.generate.pages import SECTIONS
from bucketward_tools.generate.template import render

from .conftest import RULE_ONLY, copied


def written(root):
    for name, text in generate.files(root).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def test_generated_files_are_fresh():
    assert list(generate.stale()) == [], f"run `{generate.COMMAND}`"


def test_check_names_what_is_stale_and_writes_nothing(tmp_path):
    root = written(copied(tmp_path))
    assert generate.stale(root) == {}
    (root / "template.yaml").write_text("Resources: {}\n", encoding="utf-8")
    (root / "docs/controls/bucket_gone.md").write_text("# Gone\n", encoding="utf-8")
    (root / "docs/controls/bucket_versioning.md").unlink()
    stale = generate.stale(root)
    assert stale.keys() == {
        "template.yaml",
        "docs/controls/bucket_gone.md",
        "docs/controls/bucket_versioning.md",
    }
    assert stale["docs/controls/bucket_gone.md"] is None
    assert stale["template.yaml"] == (ROOT / "template.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("stale", [False, True])
def test_the_command_ends_with_1_only_where_something_is_stale(tmp_path, stale):
    """Run the command in a copy: the catalogue takes its root from where the package lies."""
    root = written(copied(tmp_path))
    package = root / "tooling"
    subprocess.run(["cp", "-R", str(ROOT / "tooling"), str(package)], check=True)
    if stale:
        (root / "docs/controls/README.md").write_text("# Old\n", encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-B", "-m", "bucketward_tools.generate", "--check"],
        env={"PYTHONPATH": f"{package}{os.pathsep}{ROOT / 'src'}"},
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == (1 if stale else 0), run.stderr
    assert ("docs/controls/README.md" in run.stderr) is stale


def test_a_new_control_needs_its_own_files_only(tmp_path):
    root = written(copied(tmp_path))
    before = (root / "template.yaml").read_text(encoding="utf-8")
    (root / "rules" / "bucket_name.py").write_text(RULE_ONLY, encoding="utf-8")
    controls.cache_clear()  # it knows the folder as it was
    after = generate.files(root)["template.yaml"]
    assert generate.stale(root).keys() == {
        "template.yaml",
        "docs/controls/bucket_name.md",
        "docs/controls/README.md",
    }
    assert set(before.splitlines()) < set(after.splitlines())
    assert "BucketNameRule:" in after
    assert "BucketNameRemediation" not in after


def test_a_page_says_everything_a_reader_needs():
    pages = generate.files()
    for control in controls().values():
        page = pages[f"docs/controls/{control.stem}.md"]
        positions = [page.index(f"\n## {section}\n") for section in SECTIONS]
        assert positions == sorted(positions)
        assert f"| Severity | {control.rule.severity.value} |" in page
        for operation in control.remediation.calls if control.remediation else ():
            assert operation.name in page
            assert operation.action in page
        assert f"[{control.stem}]({control.stem}.md)" in pages["docs/controls/README.md"]


def test_who_asks_for_a_control_is_on_its_page_and_in_the_table_of_frameworks():
    asked, rendered = frameworks(), generate.files()
    for control in controls().values():
        page = rendered[f"docs/controls/{control.stem}.md"]
        for framework, item in asked.of(control.stem):
            assert f"{framework.label} {item.id}" in page
        for reference in asked.references(control.stem):
            row = next(x for x in rendered["README.md"].splitlines() if f"[{control.stem}]" in x)
            assert reference in row
    for framework in asked:
        _, _, section = rendered["docs/frameworks.md"].partition(f"## {framework.title}\n")
        table = section.partition("\n## ")[0]
        for item in framework.requirements:
            [row] = [line for line in table.splitlines() if line.startswith(f"| {item.id} |")]
            assert all(f"[{stem}](controls/{stem}.md)" in row for stem in item.controls)
            assert item.note in row


def test_a_page_lists_the_cases_that_the_tests_run(tmp_path):
    root = copied(tmp_path)
    (root / "rules" / "bucket_name.py").write_text(RULE_ONLY, encoding="utf-8")
    (root / "tests/cases/bucket_name.yaml").write_text(
        "- {name: any | other, compliance: COMPLIANT, annotation: It is a name.}\n",
        encoding="utf-8",
    )
    page = generate.files(root)["docs/controls/bucket_name.md"]
    assert "| any \\| other | COMPLIANT | It is a name. |" in page
    assert "no remediation" in page


@pytest.mark.parametrize("section", SECTIONS)
def test_a_rule_that_leaves_a_section_out_gets_no_page(tmp_path, section):
    root = copied(tmp_path)
    text = RULE_ONLY.replace(f"## {section}\n", "")
    (root / "rules" / "bucket_name.py").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match="bucket_name: its docstring must have the sections"):
        generate.files(root)


def test_a_name_that_aws_config_would_refuse_is_refused_here(tmp_path):
    root = copied(tmp_path)
    (root / "rules" / f"bucket_{'x' * 60}.py").write_text(RULE_ONLY, encoding="utf-8")
    with pytest.raises(BadInput, match="shorten the file name"):
        generate.files(root)


HOLES = """\
Plain: !Sub ${A}-«word» # stays
Text: «text»
Tag: «tag»
Nested:
  Structure: «structure»
  «structure»
  Nothing: «nothing»
"""
FILLED = """\
Plain: !Sub ${A}-x # stays
Text: 'a: b'
Tag: !Ref A
Nested:
  Structure:
    - Key: !Ref A
      Empty: []
      More:
        - '*'
        - 1
  - Key: !Ref A
    Empty: []
    More:
      - '*'
      - 1
"""


@pytest.mark.parametrize(
    ("stems", "sids", "left"),
    [
        ([], set(), ["no such rule"]),
        (["bucket_versioning"], set(), ["no such rule"]),
        (["bucket_acls_disabled"], {"ReadWhatConfigDoesNotRecord"}, ["no such rule"]),
        (["account_public_access_block"], {"ReadTheAccount"}, ["no such rule"]),
        (
            ["bucket_mfa_delete"],
            set(),
            [{"Fn::Sub": "${AWS::StackName}-bucket-mfa-delete"}],
        ),
    ],
)
def test_a_few_controls_make_no_empty_statement_and_no_pattern_of_everything(stems, sids, left):
    chosen = [controls()[stem] for stem in stems]
    resources = yaml_parse(render(ROOT / "infra", chosen, frameworks(ROOT)))["Resources"]
    [policy] = resources["EvaluatorRole"]["Properties"]["Policies"]
    statements = policy["PolicyDocument"]["Statement"]
    statements = [each for each in statements if "Fn::If" not in each]  # see test_tracing.py
    assert all(each["Action"] for each in statements)
    own = {"ReadExemptionsAndBaselines", "VerifyBaselines"}
    always = {"ReportVerdicts", "ListBuckets", "KeepLostEvaluations", "Log", *own}
    assert {each["Sid"] for each in statements} - always == sids
    pattern = resources["LeftToPeople"]["Properties"]["EventPattern"]
    assert pattern["detail"]["configRuleName"] == left


def test_holes_take_text_tags_and_structures():
    structure = [{"Key": Tag("!Ref A"), "Empty": [], "More": ["*", 1]}]
    values = {"word": "x", "text": "a: b", "tag": Tag("!Ref A"), "nothing": None}
    assert fill(HOLES, values | {"structure": structure}) == FILLED


def test_a_hole_without_a_value_is_refused():
    with pytest.raises(BadInput, match="structure, tag, text, word"):
        fill(HOLES, {"nothing": None})


def test_cfn_lint_has_nothing_to_say():
    """Its rules for one Region of each partition; .cfnlintrc names the file and the Regions."""
    command = Path(sys.executable).with_name("cfn-lint")
    run = subprocess.run([command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
