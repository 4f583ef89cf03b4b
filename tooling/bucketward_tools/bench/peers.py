"""Scanning an account, beside Prowler and Cloud Custodian on the same buckets.

The account is moto_server on loopback. It and the peers are each installed once into a virtual
environment of their own under `.bench/`. The tools take turns, so that a
busy machine slows all of them alike; figures are medians over the turns.
"""

from __future__ import annotations

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bucketward_tools.catalogue import ROOT

from .buckets import CONTROLS, POLICIES, fill
from .figure import Figure
from .server import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HOME = ROOT / ".bench"
PEERS = {"prowler": "prowler==5.46.0", "c7n": "c7n==0.9.53"}
REGION = "us-east-1"
ROUNDS = 3
SIZES = (100, 500)
MANY = 5_000
_MEBIBYTE = 2**10  # ru_maxrss is in KiB
_CARRIED_OUT = {"prowler": {0, 3}, "c7n": {0}}
_OWN = str(Path(sys.executable).with_name("bucketward"))


@dataclass(frozen=True, slots=True)
class Cost:
    """What one scan took, and how many S3 calls it made for each bucket."""

    wall: float
    cpu: float
    peak: float
    calls: float


def figures() -> Iterator[Figure]:
    per_bucket: dict[int, Cost] = {}
    for size in SIZES:
        with Server(HOME) as server:
            fill(server.client(), size)
            turns = [{tool: _run(tool, server, size) for tool in _TOOLS} for _ in range(ROUNDS)]
            costs = {tool: _median([turn[tool] for turn in turns]) for tool in _TOOLS}
        per_bucket[size] = costs["bucketward"]
        yield from _told(size, costs)
    with Server(HOME) as server:
        fill(server.client(), MANY)
        per_bucket[MANY] = cost = _run("bucketward", server, MANY)
    yield from _shown(f"{MANY:,} buckets, bucketward", cost)
    least, most = SIZES[-1], MANY
    growth = (per_bucket[most].cpu / most) / (per_bucket[least].cpu / least)
    yield Figure(f"CPU a bucket, of {most:,} / of {least:,} buckets", growth, "times", most=1.2)
    yield from _starting()


def _told(size: int, costs: dict[str, Cost]) -> Iterator[Figure]:
    for tool, cost in costs.items():
        yield from _shown(f"{size} buckets, {tool}", cost)
    own, same = (cost for tool, cost in costs.items() if tool not in _PEERS)
    for name in ("wall", "cpu", "peak", "calls"):
        best = min(getattr(costs[tool], name) for tool in _PEERS)
        mine = getattr(same if name == "calls" else own, name)
        yield Figure(f"{size} buckets, {name} / that of the better peer", mine / best, most=1)


def _shown(label: str, cost: Cost) -> Iterator[Figure]:
    yield Figure(f"{label}: wall time", cost.wall, "s")
    yield Figure(f"{label}: CPU time", cost.cpu, "s")
    yield Figure(f"{label}: peak memory", cost.peak, "MiB")
    yield Figure(f"{label}: S3 calls a bucket", cost.calls)


def _median(costs: list[Cost]) -> Cost:
    def middle(name: str) -> float:
        return float(statistics.median(getattr(each, name) for each in costs))

    return Cost(middle("wall"), middle("cpu"), middle("peak"), middle("calls"))


def _run(tool: str, server: Server, size: int) -> Cost:
    with tempfile.TemporaryDirectory() as folder:
        command = _TOOLS[tool](folder)
        server.forget()
        with Path(folder, "said").open("w+b") as said:
            started = time.perf_counter()
            process = subprocess.Popen(  # noqa: S603 - the tools measured
                command, env=_environment(server.url, Path(folder)), cwd=folder,
                stdout=said, stderr=said,
            )  # fmt: skip
            _, status, used = os.wait4(process.pid, 0)
            wall = time.perf_counter() - started
            code = process.returncode = os.waitstatus_to_exitcode(status)
            if code not in _CARRIED_OUT.get(tool, {0, 1}):
                said.seek(0)
                raise RuntimeError(f"{tool} ended with {code}: {said.read()[-2000:]!r}")
    calls = server.s3_calls() / size
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / _MEBIBYTE, calls)


def _environment(url: str, home: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "AWS_ENDPOINT_URL": url,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "none",
        "AWS_SECRET_ACCESS_KEY": "none",
    }


def _bucketward(folder: str, controls: tuple[str, ...] = ("bucket_*",)) -> list[str]:
    asked = [word for each in controls for word in ("--control", each)]
    return [_OWN, "scan", *asked, "--format", "json", "--output-file", f"{folder}/found.json"]


def _prowler(folder: str) -> list[str]:
    tool = installed("prowler")
    options = ["--service", "s3", "--region", REGION, "--no-banner", "-M", "json-ocsf"]
    return [str(tool), "aws", *options, "-o", folder]


def _c7n(folder: str) -> list[str]:
    policies = Path(folder, "policies.yml")
    policies.write_text(json.dumps(POLICIES), encoding="utf-8")  # which is YAML as well
    tool = installed("c7n", "custodian")
    options = ["--region", REGION, "--cache", f"{folder}/cache", "--output-dir", f"{folder}/out"]
    return [str(tool), "run", *options, str(policies)]


_TOOLS: dict[str, Callable[[str], list[str]]] = {
    "bucketward": _bucketward,
    "bucketward, the checks of c7n": partial(_bucketward, controls=CONTROLS),
    "prowler": _prowler,
    "c7n": _c7n,
}
_PEERS = ("prowler", "c7n")


def _starting() -> Iterator[Figure]:
    """Measure a scan until something connects to the endpoint, and the help until it is there.

    In CPU time: waiting for a busy machine is not ours.
    """
    times = []
    for _ in range(ROUNDS):
        with socket.create_server(("127.0.0.1", 0)) as endpoint:
            url = f"http://127.0.0.1:{endpoint.getsockname()[1]}"
            process = _quiet([_OWN, "scan", "--account", "111122223333"], url)
            endpoint.accept()[0].close()
            process.kill()
            times.append(_used(process))
    yield Figure(
        "bucketward scan, CPU time until its first call", statistics.median(times), "s", most=1
    )
    times = [_used(_quiet([_OWN, "--help"], "")) for _ in range(ROUNDS)]
    yield Figure("bucketward --help, CPU time", statistics.median(times), "s", most=0.3)


def _quiet(command: list[str], url: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own command
        command, env=_environment(url, HOME), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def _used(process: subprocess.Popen[bytes]) -> float:
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return used.ru_utime + used.ru_stime


def installed(name: str, program: str = "") -> Path:
    """Return a peer's program, in the virtual environment that is made where there is none."""
    home = HOME / name
    if not (home / "ready").exists():
        pip = str(home / "bin" / "pip")
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)  # noqa: S603
        subprocess.run([pip, "install", "-q", PEERS[name]], check=True)  # noqa: S603
        (home / "ready").touch()
    return home / "bin" / (program or name)
