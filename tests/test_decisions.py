"""The reviewed file of authorisations and exemptions: what it says, and what it may not hold."""

import contextlib
import re
from datetime import UTC, datetime

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bucketward.changes import from_parameter
from bucketward.errors import BadInput
from bucketward_tools.catalogue import ROOT
from bucketward_tools.decisions import LARGEST, load, parse

NOW = datetime(2026, 11, 1, tzinfo=UTC)
PAGE = (ROOT / "docs" / "authorising.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", PAGE, re.DOTALL)

ROLE = "arn:aws:iam::111122223333:role/pipeline/Deploy"
ENTRY = f"""\
authorisations:
  - id: pipeline
    actor: {ROLE}
    buckets: data
    aspects: policy
    reason: CHG-1
"""
EXEMPTION = """\
exemptions:
  - id: EX-1
    bucket: data
    control: bucket_logging
    reason: moving
    approver: ana
    expires: 2026-12-01
"""


@pytest.mark.parametrize(("language", "block"), BLOCKS)
def test_every_block_of_the_page_is_what_is_read(language, block):
    if language == "text":
        assert len(from_parameter(block)) == 2
    else:
        assert language == "yaml"
        read = parse(block, now=NOW)
        assert [each.id for each in read.authorisations or ()] == ["pipeline", "CHG-1042"]
        assert [each.id for each in read.exemptions or ()] == ["EX-7"]


def test_the_page_shows_the_file_and_the_parameter():
    assert [language for language, _ in BLOCKS] == ["yaml", "text"]


def test_times_of_yaml_are_read_as_they_are_meant():
    read = parse(EXEMPTION, now=NOW)
    assert read.exemptions is not None
    assert read.exemptions[0].expires == datetime(2026, 12, 1, tzinfo=UTC)
    assert read.exemptions[0].created == NOW
    window = ENTRY + "    start: 2026-11-20T20:00:00+02:00\n    end: '2026-11-21'\n"
    read = parse(window)
    assert read.authorisations is not None
    assert read.authorisations[0].start == datetime(2026, 11, 20, 18, tzinfo=UTC)
    assert read.authorisations[0].end == datetime(2026, 11, 21, tzinfo=UTC)


def test_a_section_that_is_left_out_is_not_an_empty_one():
    assert parse(ENTRY).exemptions is None
    assert parse("exemptions: []").exemptions == ()
    assert parse("exemptions: []").authorisations is None


def test_what_is_written_is_read_again_from_the_file():
    read = parse(ENTRY + EXEMPTION, now=NOW)
    assert read.authorisations is not None
    assert read.exemptions is not None
    again = {
        "authorisations": [each.to_dict() for each in read.authorisations],
        "exemptions": [each.to_dict() for each in read.exemptions],
    }
    assert parse(yaml.safe_dump(again)) == read


BILLION = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n"
WRONG = [
    ("an id twice", ENTRY + ENTRY.partition("\n")[2], "line 7: id 'pipeline' is that of line 2"),
    ("a key twice", ENTRY + "    reason: CHG-2\n", "line 7: it holds 'reason' twice"),
    ("a section twice", ENTRY + ENTRY, "line 7: it holds 'authorisations' twice"),
    ("an unknown field", ENTRY + "    until: 2026-01-01\n", "line 2: .*'until' is no field"),
    ("a mistyped field", ENTRY.replace("reason", "reasons"), "did you mean reason?"),
    ("a mistyped section", ENTRY.replace("authorisations", "authorizations"), "did you mean auth"),
    ("a missing field", ENTRY.replace("    aspects: policy\n", ""), "line 2: .*aspects is missing"),
    ("a mistyped aspect", ENTRY.replace(": policy", ": polcy"), "line 2: .*did you mean policy?"),
    ("an unquoted pattern", ENTRY.replace(": data", ": *"), "line 4: .*must be in quotes"),
    ("an alias", ENTRY.replace(": data", ": *-logs"), "line 4: .*alias.*quotes"),
    ("an anchor", ENTRY.replace(": data", ": &x data"), "line 4: .*anchor"),
    ("a file that grows", BILLION, "line 1: .*anchor"),
    ("a tag", ENTRY.replace(": data", ": !!python/name:os.system data"), "line 4: .*a tag"),
    ("a harmless tag", ENTRY.replace(": data", ": !!str data"), "line 4: .*a tag"),
    ("a merge", "<<: {authorisations: []}\n", "line 1: .*no plain text"),
    ("a key that is a list", "? [a]\n: 1\n", "line 1: .*no plain text"),
    ("a number for an id", ENTRY.replace("id: pipeline", "id: 42"), "line 2: .*into quotes"),
    ("no list", "authorisations: {id: a}\n", "is no list"),
    ("an entry that is none", "authorisations: [a]\n", "line 1: .*no mapping"),
    ("an empty file", "", "decides nothing"),
    ("a list", "- a\n", "decides nothing"),
    ("two documents", ENTRY + "---\n" + ENTRY, "line 7: "),
    ("a broken line", ENTRY + "  - [\n", "line 8: "),
    ("a date that is none", EXEMPTION.replace("12-01", "13-45"), "line 7: .*'2026-13-45'"),
    ("a time without a zone", EXEMPTION.replace("12-01", "12-01 10:00:00"), "line 2: .*its zone"),
    ("an expiry that has passed", EXEMPTION.replace("2026", "2025"), "line 2: .*not after created"),
    (
        "a mistyped control",
        EXEMPTION.replace("_logging", "_loging"),
        "did you mean bucket_logging?",
    ),
    ("a control that is a pattern", EXEMPTION.replace("bucket_logging", "'*'"), "one, such as"),
    ("no text", "\x00", "no YAML that can be read"),
    ("too deep", "[" * 5000, "nested too deep"),
    ("too long", "#" * (LARGEST + 1), "longer than"),
]


@pytest.mark.parametrize(
    ("text", "message"), [each[1:] for each in WRONG], ids=[each[0] for each in WRONG]
)
def test_the_file_is_refused_with_its_line_where_it_holds(text, message):
    with pytest.raises(BadInput, match=message) as refused:
        parse(text, name="authorisations.yaml", now=NOW)
    assert str(refused.value).startswith("authorisations.yaml")
    assert "\n" not in str(refused.value)


def test_a_file_is_read_and_named_in_its_errors(tmp_path):
    path = tmp_path / "authorisations.yaml"
    path.write_text("\N{ZERO WIDTH NO-BREAK SPACE}" + ENTRY, encoding="utf-8")
    assert load(path) == parse(ENTRY)
    path.write_text("authorisations: 1\n")
    with pytest.raises(BadInput, match=r"^authorisations\.yaml: authorisations is no list"):
        load(path)
    path.write_bytes(b"\xff")
    with pytest.raises(BadInput, match="cannot be read"):
        load(path)
    with pytest.raises(BadInput, match="cannot be read"):
        load(tmp_path / "none.yaml")


@given(st.text(alphabet="ab: -[]{}'\"*&!#|>\n<?0129TZ%@`,", max_size=60))
def test_no_text_raises_anything_but_bad_input(text):
    for each in (text, ENTRY + text, ENTRY.replace("data", text)):
        with contextlib.suppress(BadInput):
            parse(each, now=NOW)
