"""Write the three files of a new control."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bucketward.errors import BadInput

if TYPE_CHECKING:
    from pathlib import Path

_RULE = '''"""Buckets must <say in one sentence what is required>.

## Why is this bad?
<What happens to whoever does not do this.>

## What it checks
<Exactly what passes and what does not, and every parameter.>

## Remediation safety
<What changes, what may break, what is left alone.>

## References
- <the page of AWS that this rests on>
"""

from bucketward import TAGGING, Bucket, Rule, Severity, Verdict, compliant, non_compliant


def evaluate(bucket: Bucket) -> Verdict:
    # Judge the documents of the aspects that `reads` names, in the form of the S3 API.
    if bucket[TAGGING] is None:
        return non_compliant("The bucket has no tags.")
    return compliant("The bucket has tags.")


rule = Rule(evaluate, severity=Severity.MEDIUM, reads=(TAGGING,))
'''

_REMEDIATION = '''"""<Say what is put back, and what is left alone.>"""

from collections.abc import Iterator

from bucketward import TAGGING, Automatic, Bucket, Call, Known, Remediation, put


def plan(bucket: Bucket, known: Known) -> Iterator[Call]:
    # Yield no call for a compliant bucket. Keep everything that the control does not own.
    if bucket[TAGGING] is None:
        yield put(TAGGING, {"TagSet": [{"Key": "owner", "Value": "unknown"}]})


remediation = Remediation(
    plan,
    calls=(TAGGING.put,),
    reads=(TAGGING,),
    automatic=Automatic.NEVER,
)
'''

_CASES = """\
# given: what differs from a bucket as S3 creates it today (tests/estate.py).
- name: write the case that passes
  compliance: COMPLIANT
  annotation: the sentence that names the fact

- name: write the case that does not pass
  compliance: NON_COMPLIANT
  annotation: the sentence that names the fact
"""


def scaffold(folder: Path, stem: str) -> list[Path]:
    """Write rule, remediation and cases; raises `BadInput` before anything is written."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)+", stem) or len(stem) > 45:  # noqa: PLR2004
        raise BadInput(
            f"{stem!r} is no name for a control: use lower-case words joined by underscores, at "
            "most 45 characters, such as bucket_cors."
        )
    if not (folder / "rules").is_dir():
        raise BadInput(f"{folder.resolve()} is not a clone of Bucketward: it has no rules/.")
    files = {
        folder / "rules" / f"{stem}.py": _RULE,
        folder / "remediations" / f"{stem}.py": _REMEDIATION,
        folder / "tests" / "cases" / f"{stem}.yaml": _CASES,
    }
    for path in files:
        if path.exists():
            raise BadInput(f"{path} exists already; choose another name or edit it.")
    for path, text in files.items():
        path.write_text(text)
    return list(files)
