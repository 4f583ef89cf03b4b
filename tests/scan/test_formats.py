"""What ``bucketward scan`` writes in each format, and that text from AWS stays text in all."""

import base64
import csv
import io
import json
import re
from hashlib import sha256
from html.parser import HTMLParser

import jsonschema
import pytest

from bucketward_tools.catalogue import controls
from bucketward_tools.report.page import _line
from scan.conftest import ACCOUNT, HOSTILE

BLOCK = ("--control", "bucket_public_access_block")
ALL_ON = "The public access block has all four flags on."


def test_a_table_has_a_line_for_each_row_and_the_counts(run, make):
    make("acme-data", "acme-logs")
    ran = run("scan", *BLOCK)
    assert ran.out.splitlines() == [
        f"COMPLIANT       high      acme-data  {BLOCK[1]}  {ALL_ON}",
        f"COMPLIANT       high      acme-logs  {BLOCK[1]}  {ALL_ON}",
        "2 buckets: 2 COMPLIANT.",
    ]


def test_csv_has_a_header_and_the_rows_of_json(run, rows, make):
    make("acme-data")
    ran = run("scan", "--format", "csv")
    assert list(csv.DictReader(io.StringIO(ran.out))) == rows().rows


def test_failing_leaves_out_what_is_fine(rows, make):
    make("acme-data", "acme-open", BlockPublicPolicy=False)
    found = rows("--failing", "--bucket", "acme-*")
    assert {row["compliance"] for row in found.rows} == {"NON_COMPLIANT"}
    assert found.code == 1


@pytest.mark.parametrize("form", ["table", "csv", "json", "ocsf", "sarif"])
def test_no_format_lets_a_bucket_move_the_cursor_or_begin_a_formula(run, hostile, form):
    ran = run(
        "scan", "--format", form, "--bucket", hostile, "--parameter",
        "bucket_tagging.requiredTags=team",
    )  # fmt: skip
    assert ran.code == 1
    assert "\x1b" not in ran.out + ran.err
    assert "\u202e" not in ran.out + ran.err
    if form == "csv":
        cells = [cell for record in csv.reader(io.StringIO(ran.out)) for cell in record]
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


def test_no_buckets_are_an_empty_list_or_run(run):
    assert json.loads(run("scan", "--format", "ocsf", "--control", "bucket_cors").out) == []
    sarif = json.loads(run("scan", "--format", "sarif", "--control", "bucket_cors").out)
    assert sarif["runs"][0]["results"] == []


# What https://schema.ocsf.io/1.9.0/classes/compliance_finding requires, with the enumerations.
OBJECT = {"type": "object"}
OCSF = {
    "type": "array",
    "items": {
        "type": "object",
        "required": [
            "activity_id", "category_uid", "class_uid", "cloud", "compliance", "finding_info",
            "metadata", "resources", "severity_id", "time", "type_uid",
        ],
        "properties": {
            "activity_id": {"enum": [0, 1, 2, 3, 99]},
            "category_uid": {"const": 2},
            "class_uid": {"const": 2003},
            "type_uid": {"const": 200301},
            "severity_id": {"enum": [0, 1, 2, 3, 4, 5, 6, 99]},
            "status_id": {"enum": [0, 1, 2, 3, 4, 5, 6, 99]},
            "time": {"type": "integer", "minimum": 1_600_000_000_000},
            "message": {"type": "string"},
            "metadata": {
                "type": "object",
                "required": ["product", "version"],
                "properties": {
                    "version": {"const": "1.9.0"},
                    "profiles": {"const": ["cloud"]},
                    "product": {"type": "object", "required": ["vendor_name", "name"]},
                },
            },
            "finding_info": {"type": "object", "required": ["uid", "title"]},
            "compliance": {
                "type": "object",
                "required": ["control", "standards", "status_id"],
                "properties": {
                    "standards": {"type": "array", "items": {"type": "string"}, "minItems": 1},
                    "requirements": {"type": "array", "items": {"type": "string"}},
                    "status_id": {"enum": [0, 1, 2, 3, 99]},
                },
            },
            "cloud": {
                "type": "object",
                "required": ["provider"],
                "properties": {"account": {"required": ["uid"]}},
            },
            "resources": {"type": "array", "minItems": 1, "items": {"required": ["uid", "type"]}},
        },
    },
}  # fmt: skip


def test_ocsf_is_a_compliance_finding_for_each_row(run, make, aws):
    make("acme-data")
    aws.answers["GetBucketVersioning"] = "AccessDenied"
    ran = run("scan", "--format", "ocsf", "--bucket", "acme-data")
    found = json.loads(ran.out)
    jsonschema.validate(found, OCSF)
    assert ran.code == 2
    by_control = {each["compliance"]["control"]: each for each in found}
    assert len(by_control) == len(found)
    shut = by_control["bucket_public_access_block"]
    assert (shut["compliance"]["status"], shut["severity"]) == ("Pass", "Informational")
    assert "CIS 5.0 2.1.4" in shut["compliance"]["requirements"]
    assert by_control["bucket_versioning"]["compliance"]["status"] == "Warning"
    assert by_control["bucket_logging"]["compliance"]["status_id"] == 3
    assert by_control["bucket_tagging"]["compliance"]["status_id"] == 99
    assert shut["cloud"]["account"]["uid"] == ACCOUNT
    assert shut["resources"][0]["uid"] == "arn:aws:s3:::acme-data"


# What the SARIF 2.1.0 schema requires of the parts that are written.
MESSAGE = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}}
SARIF = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "additionalProperties": False,
                "properties": {
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "invocations": {
                        "type": "array",
                        "items": {
                            "required": ["executionSuccessful"],
                            "properties": {
                                "executionSuccessful": {"type": "boolean"},
                                "exitCode": {"type": "integer"},
                                "startTimeUtc": {"type": "string"},
                            },
                            "additionalProperties": False,
                        },
                    },
                    "tool": {
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "required": ["name"],
                                "properties": {
                                    "rules": {
                                        "type": "array",
                                        "uniqueItems": True,
                                        "items": {
                                            "required": ["id"],
                                            "properties": {
                                                "shortDescription": MESSAGE,
                                                "fullDescription": MESSAGE,
                                                "help": MESSAGE,
                                                "defaultConfiguration": {
                                                    "properties": {
                                                        "level": {
                                                            "enum": [
                                                                "none", "note", "warning", "error",
                                                            ]
                                                        }
                                                    }
                                                },
                                            },
                                        },
                                    }
                                },
                            }
                        },
                    },
                    "results": {
                        "type": "array",
                        "items": {
                            "required": ["message"],
                            "additionalProperties": False,
                            "properties": {
                                "ruleId": {"type": "string"},
                                "ruleIndex": {"type": "integer", "minimum": -1},
                                "kind": {
                                    "enum": [
                                        "notApplicable", "pass", "fail", "review", "open",
                                        "informational",
                                    ]
                                },
                                "level": {"enum": ["none", "note", "warning", "error"]},
                                "message": MESSAGE,
                                "locations": {"type": "array", "items": OBJECT},
                                "partialFingerprints": {
                                    "additionalProperties": {"type": "string"}
                                },
                            },
                        },
                    },
                },
            },
        },
    },
}  # fmt: skip


def test_sarif_is_a_result_for_each_row(run, make, aws):
    make("acme-data")
    aws.answers["GetBucketVersioning"] = "AccessDenied"
    ran = run("scan", "--format", "sarif", "--bucket", "acme-data")
    found = json.loads(ran.out)
    jsonschema.validate(found, SARIF)
    [one] = found["runs"]
    assert one["invocations"][0]["exitCode"] == ran.code == 2
    rules = [rule["id"] for rule in one["tool"]["driver"]["rules"]]
    for result in one["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        # SARIF 3.27.10: only what failed has a level.
        assert (result["level"] == "none") == (result["kind"] != "fail")
    kinds = {result["ruleId"]: result["kind"] for result in one["results"]}
    assert kinds["bucket_public_access_block"] == "pass"
    assert kinds["bucket_logging"] == "fail"
    assert kinds["bucket_versioning"] == "open"
    assert kinds["bucket_tagging"] == "notApplicable"


class Elements(HTMLParser):
    """All elements, and the text of the scripts and styles."""

    def __init__(self):
        super().__init__()
        self.tags, self.texts, self.attributes, self._inside = [], [], [], False

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attributes]
        self._inside = tag in {"script", "style"}
        if self._inside:
            self.texts.append((tag, dict(attributes), ""))

    def handle_endtag(self, tag):
        self._inside = False

    def handle_data(self, data):
        if self._inside:
            tag, attributes, text = self.texts[-1]
            self.texts[-1] = tag, attributes, text + data


@pytest.fixture
def page(run, make, hostile, tmp_path):
    make("acme-data")
    file = tmp_path / "report.html"
    ran = run("scan", "--format", "html", "--output-file", str(file))
    assert ran.code == 1, ran.err
    return file


def parsed(file):
    found = Elements()
    found.feed(file.read_text(encoding="utf-8"))
    return found


def test_the_report_asks_nobody_for_anything(page):
    found = parsed(page)
    for tag, name, value in found.attributes:
        assert name not in {"src", "srcset", "style"}, (tag, value)
        assert name != "href" or value.startswith("#")
        assert not name.startswith("on")
    assert {"img", "iframe", "link", "object"}.isdisjoint(found.tags)
    [csp] = [value for _, name, value in found.attributes if name == "content" and "src" in value]
    assert csp.startswith("default-src 'none'; ")
    assert "unsafe" not in csp
    for tag, attributes, text in found.texts:
        if attributes.get("type") != "application/json":
            digest = base64.b64encode(sha256(text.encode()).digest()).decode()
            assert f"{tag}-src 'sha256-{digest}'" in csp


def test_hostile_text_is_data_in_the_report(page):
    found = parsed(page)
    assert found.tags.count("script") == 2, "the data, and the page's own"
    [data] = [text for _, attributes, text in found.texts if attributes.get("id") == "data"]
    assert "<" not in data
    documents = [json.loads(line) for line in data.splitlines() if '"documents"' in line]
    assert HOSTILE.encode("unicode_escape")[:20].decode() in json.dumps(documents)
    assert "innerHTML" not in page.read_text(encoding="utf-8")


def test_a_report_holds_rows_documents_and_plans(page):
    [data] = [text for _, attributes, text in parsed(page).texts if attributes.get("id") == "data"]
    first, *lines = [json.loads(line) for line in data.strip().splitlines()]
    stems = [each["stem"] for each in first["controls"]]
    assert set(stems) <= set(controls())
    assert first["reverts"] == "A scan with --stack tells what was put back here as well."
    by_name = {
        line[0]: (line, details) for line, details in zip(lines[::2], lines[1::2], strict=True)
    }
    assert set(by_name) == {ACCOUNT, "acme-data", "acme-hostile"}
    line, details = by_name["acme-hostile"]
    assert line[2] == "bucket"
    assert details["documents"]["tagging"]["TagSet"]
    [plan] = details["plans"]["bucket_policy_trusted_accounts"]
    assert plan["call"] == "DeleteBucketPolicy"
    assert details["plans"]["bucket_logging"].startswith("No target is known")


@pytest.mark.parametrize("text", ["</script>", "<!--", "]]>", "\u2028", "&lt;"])
def test_no_text_ends_the_data(text):
    line = _line({"x": text})
    assert not re.search(r"[<>&\n\u2028]", line)
    assert json.loads(line) == {"x": text}
