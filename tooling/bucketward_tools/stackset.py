"""``python -m bucketward_tools.stackset``: the application as CloudFormation StackSets take it.

With service-managed permissions and their own execution role, StackSets take no template with a
transform ("Configure a custom execution role template for StackSets" in the CloudFormation user
guide), and Lambda takes code from a bucket of its own Region only (FunctionCode in the SAM
developer guide). So what `sam build` left is translated here, with the code in
``<CodeBucket>-<Region>``: one template and four archives, to be copied into that bucket of each
Region. An archive is named for what is in it, so that a function changes when its code does.
"""

from __future__ import annotations

import argparse
import json
import sys
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from bucketward.errors import BadInput
from bucketward_tools.local import TemplateError, sam

BUCKET = {"Fn::Sub": "${CodeBucket}-${AWS::Region}"}
_PARAMETER = {
    "Description": (
        "What the name of the bucket with the code begins with; a hyphen and the Region follow."
    ),
    "Type": "String",
    "AllowedPattern": "^[a-z0-9][a-z0-9-]{1,45}$",
}
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every file in an archive, so that the same code is the same archive."""


def write(built: Path, target: Path) -> list[Path]:
    """Write template and archives for what ``sam build`` left in ``built``; old archives go.

    Raises `BadInput` where there is nothing built.
    """
    try:
        template = sam.translated(built / "template.yaml", "us-east-1")
    except TemplateError as error:
        raise BadInput(f"{error} Run `sam build` first.") from None
    template["Parameters"]["CodeBucket"] = _PARAMETER
    archives: dict[str, bytes] = {}
    keys: dict[str, str] = {}
    for code in _codes(template):
        folder = str(code["S3Key"])
        if folder not in keys:
            archive = _archive(built / folder)
            keys[folder] = f"{sha256(archive).hexdigest()[:32]}.zip"
            archives[keys[folder]] = archive
        code |= {"S3Bucket": BUCKET, "S3Key": keys[folder]}
    target.mkdir(parents=True, exist_ok=True)
    for old in target.glob("*.zip"):
        old.unlink()
    files = {"template.json": json.dumps(template, indent=1).encode(), **archives}
    for name, content in files.items():
        (target / name).write_bytes(content)
    return [target / name for name in files]


def _codes(template: dict[str, Any]) -> list[dict[str, Any]]:
    """Return where each function and layer has its code, to be changed in place."""
    parts = {"AWS::Lambda::Function": "Code", "AWS::Lambda::LayerVersion": "Content"}
    return [
        each["Properties"][parts[each["Type"]]]
        for each in template["Resources"].values()
        if each["Type"] in parts
    ]


def _archive(folder: Path) -> bytes:
    if not folder.is_dir():
        raise BadInput(f"{folder} is not there. Run `sam build` first.")
    content = BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as archive:
        for path in sorted(each for each in folder.rglob("*") if each.is_file()):
            entry = ZipInfo(path.relative_to(folder).as_posix(), _EPOCH)
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o644 << 16  # Lambda runs as another user
            archive.writestr(entry, path.read_bytes())
    return content.getvalue()


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bucketward_tools.stackset",
        description="Write what StackSets take from what `sam build` left.",
        epilog="example: python -m bucketward_tools.stackset",
    )
    parser.add_argument("--built", type=Path, default=Path(".aws-sam/build"))
    parser.add_argument("--target", type=Path, default=Path(".aws-sam/stackset"))
    given = parser.parse_args()
    try:
        written = write(given.built, given.target)
    except BadInput as error:
        sys.stderr.write(f"{error}\n")
        return 2
    print(*written, sep="\n")  # noqa: T201 - what it is for
    return 0


if __name__ == "__main__":
    sys.exit(main())
