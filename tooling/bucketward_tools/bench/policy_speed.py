"""Judging bucket policies, beside policyuniverse and parliament on the same cases.

Each candidate runs in a process of its own, the peers in a virtual environment that the first
run makes (in `.bench/policy`, or in $BUCKETWARD_BENCH); the processes take turns, so that a busy
machine slows all of them alike, and the best turn counts. MORE_CASES is a list of policies, or
of objects that hold one as `document`; texts and ACLs in it are left out.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .figure import Figure

ROOT = Path(__file__).resolve().parents[3]
PEERS = ("policyuniverse==1.5.1.20231109", "parliament==1.6.4", "setuptools<81")
ROUNDS = 7
TURN_SECONDS = 0.4
ACCOUNT = "111122223333"
OTHER = "444455556666"
SIZES = (1, 4, 40, 400)
BIG_POLICY_BYTES = 20_000

Policy = dict[str, Any]


def figures(more: Path | None = None) -> Iterator[Figure]:
    """Measure over the generated cases, and over those of a file where one is given."""
    from .figure import Figure  # not at the top: a worker runs this file as a script

    cases = generated() + (_read(more) if more else [])
    with tempfile.TemporaryDirectory() as folder:
        turns = {
            name: _turns(name, cases, Path(folder))
            for name in ("bucketward", "policyuniverse", "parliament")
        }
        best = dict.fromkeys(turns, 0.0)
        for _ in range(ROUNDS):
            for name, worker in turns.items():
                best[name] = max(best[name], _turn(worker))
        for worker in turns.values():
            worker.communicate("", timeout=30)
        sizes = {count: [statements(count)] for count in SIZES}
        each = {count: _own_seconds(sizes[count], Path(folder)) / count for count in SIZES}
        big = [statements(1)]
        while len(json.dumps(big[0])) < BIG_POLICY_BYTES:
            big = [statements(len(big[0]["Statement"]) + 1)]
        big_seconds = _own_seconds(big, Path(folder))
    bar = min(60_000.0, best["policyuniverse"])
    for name, rate in best.items():
        least = bar if name == "bucketward" else None
        yield Figure(f"{name}, {len(cases)} policies", rate, "policies/s", least=least)
    yield Figure(
        "bucketward / policyuniverse", best["bucketward"] / best["policyuniverse"], "times"
    )
    yield Figure("bucketward, one policy of 20 KB", big_seconds * 1e3, "ms", most=3)
    for count, seconds in each.items():
        yield Figure(f"bucketward, {count} statements", seconds * 1e6, "µs/statement")


def generated() -> list[Policy]:
    """Return policies of the shapes that buckets have, none of them from anywhere else."""
    whole = ["arn:aws:s3:::reports", "arn:aws:s3:::reports/*"]
    principals: list[Any] = [
        "*",
        {"AWS": "*"},
        {"AWS": f"arn:aws:iam::{ACCOUNT}:role/app"},
        {"AWS": [f"arn:aws:iam::{OTHER}:root", f"arn:aws:iam::{ACCOUNT}:user/alice"]},
        {"Service": "logging.s3.amazonaws.com"},
    ]
    actions: list[Any] = ["s3:GetObject", ["s3:GetObject", "s3:ListBucket"], "s3:Put*", "s3:*"]
    conditions: list[Any] = [
        None,
        {"StringEquals": {"aws:SourceVpce": "vpce-0a1b2c3d"}},
        {"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}},
        {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "198.51.100.0/24"]}},
        {"Bool": {"aws:SecureTransport": "true"}},
    ]
    deny = {
        "Sid": "Tls",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": whole,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    found: list[Policy] = []
    for number, (principal, action, condition) in enumerate(
        (p, a, c) for p in principals for a in actions for c in conditions
    ):
        allow = {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": whole}
        if condition:
            allow["Condition"] = condition
        found.append(
            {"Version": "2012-10-17", "Statement": [allow, deny] if number % 3 else [allow]}
        )
    return found


def statements(count: int) -> Policy:
    """Return a policy of so many different statements of about equal cost."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": f"Share{number}",
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/team-{number}"},
                "Action": ["s3:GetObject", "s3:PutObject"],
                "Resource": f"arn:aws:s3:::reports/team-{number}/*",
            }
            for number in range(count)
        ],
    }


def _read(path: Path) -> list[Policy]:
    loaded = json.loads(path.read_text(encoding="utf-8"))
    documents = [case.get("document", case) for case in loaded if isinstance(case, dict)]
    return [d for d in documents if isinstance(d, dict) and isinstance(d.get("Statement"), list)]


def _python(name: str) -> str:
    if name == "bucketward":
        return sys.executable
    home = Path(os.environ.get("BUCKETWARD_BENCH", ROOT / ".bench" / "policy"))
    python = home / "bin" / "python"
    if not (home / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)  # noqa: S603
        subprocess.run([str(python), "-m", "pip", "install", "-q", *PEERS], check=True)  # noqa: S603
        (home / "ready").touch()
    return str(python)


def _turns(name: str, cases: list[Policy], folder: Path) -> subprocess.Popen[str]:
    path = folder / f"{name}.json"
    path.write_text(json.dumps(cases), encoding="utf-8")
    return subprocess.Popen(  # noqa: S603
        [_python(name), "-W", "ignore", __file__, "--worker", name, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )


def _turn(worker: subprocess.Popen[str]) -> float:
    if worker.stdin is None or worker.stdout is None:
        return 0.0
    worker.stdin.write("go\n")
    worker.stdin.flush()
    return float(worker.stdout.readline() or 0)


def _own_seconds(cases: list[Policy], folder: Path) -> float:
    """Return the best time of one judgement, in seconds."""
    worker = _turns("bucketward", cases, folder)
    rate = max(_turn(worker) for _ in range(3))
    worker.communicate("", timeout=30)
    return 1 / rate


def _judge_with(name: str) -> Callable[[Policy], object]:
    if name == "bucketward":
        from bucketward.policy import judge

        return lambda policy: judge(policy, ACCOUNT).public
    if name == "policyuniverse":
        peer = import_module("policyuniverse.policy").Policy

        return _never_raising(lambda policy: peer(policy).is_internet_accessible())
    analyze_policy_string = import_module("parliament").analyze_policy_string

    return _never_raising(lambda policy: analyze_policy_string(json.dumps(policy)).findings)


def _never_raising(judge: Callable[[Policy], object]) -> Callable[[Policy], object]:
    """Let a peer that crashes on a policy go on with the next one."""

    def guarded(policy: Policy) -> object:
        try:
            return judge(policy)
        except Exception:  # noqa: BLE001 - whatever a peer raises
            return None

    return guarded


def _work(name: str, path: Path) -> None:
    """Answer each line on stdin with policies a second, measured over one turn."""
    cases = json.loads(path.read_text(encoding="utf-8"))
    judge = _judge_with(name)
    judge(cases[0])
    for _ in sys.stdin:
        done = 0
        started = time.perf_counter()
        while (spent := time.perf_counter() - started) < TURN_SECONDS:
            for case in cases:
                judge(case)
            done += len(cases)
        sys.stdout.write(f"{done / spent}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    # A worker of `_turns`, in the interpreter of the library that it measures.
    _work(sys.argv[2], Path(sys.argv[3]))
