"""The application as `sam build` leaves it, made once a run from a copy of the sources."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from samtranslator.yaml_helper import yaml_parse

from bucketward_tools.catalogue import ROOT

SAM = shutil.which("sam") or next(map(str, ROOT.glob(".venv-sam/bin/sam")), None)
SOURCES = ("rules", "remediations", "monitors", "src")
STRAYS = (
    "rules/__pycache__/bucket_encryption.cpython-311.pyc",
    "rules/.mypy_cache/CACHEDIR.TAG",
    "rules/notes.txt",
    "monitors/__pycache__/reconciler.cpython-311.pyc",
    "monitors/notes.txt",
    "remediations/__pycache__/bucket_encryption.cpython-311.pyc",
    "src/bucketward/__pycache__/rule.cpython-311.pyc",
    "src/bucketward/.ipynb_checkpoints/rule.py",
    "src/bucketward/policy/.mypy_cache/CACHEDIR.TAG",
)
"""What lies about in a working tree, and must not be packaged."""


def pytest_configure(config):
    config.addinivalue_line("markers", "network: needs the package index (pip)")


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.network)


@pytest.fixture(scope="session")
def project(tmp_path_factory):
    """Copy what sam reads, with strays, to a folder that the workers of a run share."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    root = shared / "project"
    with (shared / "packaging.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (root / "built").exists():
            for folder in SOURCES:
                shutil.copytree(ROOT / folder, root / folder)
            for name in ("template.yaml", "samconfig.toml"):
                shutil.copy(ROOT / name, root)
            for name in STRAYS:
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text("stray\n", encoding="utf-8")
            _build(root)
            (root / "built").touch()
    return root


def _build(root):
    """Build with sam where it is installed, else with the targets that sam would run."""
    if SAM:
        run(root, SAM, "build")
        return
    template = yaml_parse((root / "template.yaml").read_text(encoding="utf-8"))
    for name, resource in resources(root).items():
        code = resource["Properties"].get("CodeUri") or resource["Properties"].get("ContentUri")
        key = "CodeUri" if "CodeUri" in resource["Properties"] else "ContentUri"
        template["Resources"][name]["Properties"][key] = name
        makefile = root / resource["Metadata"].get("ContextPath", code) / "Makefile"
        built = root / ".aws-sam" / "build" / name
        run(root / code, "make", "-f", str(makefile), f"build-{name}", f"ARTIFACTS_DIR={built}")
    (root / ".aws-sam/build/template.yaml").write_text(json.dumps(template), encoding="utf-8")


def run(folder, *command):
    environment = {
        **os.environ,
        "AWS_DEFAULT_REGION": "eu-central-1",
        "PYTHON": sys.executable,
        "SAM_CLI_TELEMETRY": "0",
    }
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def resources(root):
    """Return the resources that have code."""
    template = yaml_parse((root / "template.yaml").read_text(encoding="utf-8"))
    return {
        name: resource
        for name, resource in template["Resources"].items()
        if resource["Type"] in {"AWS::Serverless::Function", "AWS::Serverless::LayerVersion"}
    }


@pytest.fixture(scope="session")
def built(project):
    return project / ".aws-sam" / "build"


@pytest.fixture(scope="session")
def layer(built):
    return built / "FrameworkLayer" / "python"


@pytest.fixture(scope="session")
def aws(tmp_path_factory):
    """Start AWS on the loopback interface; returns its address and what was written to it."""
    journal = tmp_path_factory.mktemp("aws") / "writes"
    journal.touch()
    with subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("loopback.py")), str(journal)],
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        yield (
            f"http://127.0.0.1:{server.stdout.readline().strip()}",
            lambda: [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()],
        )
        server.terminate()
