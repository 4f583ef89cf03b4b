"""The Lambda layer: its size, and what in it no handler imports."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bucketward_tools.catalogue import ROOT

from .figure import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

_TARGET = "build-FrameworkLayer"


def built(folder: str) -> str:
    """Build the layer as `sam build` does and return its ``python/`` folder."""
    source = Path(folder) / "src"
    shutil.copytree(ROOT / "src", source, dirs_exist_ok=True)
    artifacts = Path(folder) / "layer"
    artifacts.mkdir(exist_ok=True)
    subprocess.run(  # noqa: S603 - our own Makefile
        ["make", "--silent", "-C", str(source), _TARGET],  # noqa: S607
        env={**os.environ, "ARTIFACTS_DIR": str(artifacts)},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return str(artifacts / "python")


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        layer = Path(built(folder))
        archive = Path(shutil.make_archive(f"{folder}/layer", "zip", layer.parent))
        yield Figure("zipped", archive.stat().st_size / 2**20, "MiB")
        files = {path: path.stat().st_size for path in layer.rglob("*") if path.is_file()}
        yield Figure("unzipped", sum(files.values()) / 2**20, "MiB")
        used = _imported(layer)
        idle = {
            path: size for path, size in files.items() if path.suffix == ".py" and path not in used
        }
        yield Figure("Python modules that no handler imports", sum(idle.values()) / 2**20, "MiB")
        by_package: dict[str, int] = {}
        for path, size in idle.items():
            package = path.relative_to(layer).parts[0]
            by_package[package] = by_package.get(package, 0) + size
        for package, size in sorted(by_package.items(), key=lambda each: -each[1])[:5]:
            yield Figure(f"  of these in {package}", size / 2**10, "KiB")


def _imported(layer: Path) -> set[Path]:
    """List the files of the layer that the handlers load, over all handlers."""
    loaded: set[Path] = set()
    for folder in ("rules", "remediations", "monitors"):
        stems = [path.stem for path in sorted((ROOT / folder).glob("[a-z]*.py"))]
        imports = "; ".join(f"import {stem}" for stem in stems)
        code = (
            f"{imports}; import sys; from bucketward import _aws;"
            "from bucketward.baseline import baselines, decisions, records;"
            "_aws.client('s3', 'eu-central-1'); _aws.client('dynamodb', 'eu-central-1');"
            "files = [getattr(each, '__file__', None) for each in sys.modules.values()];"
            "print(*filter(None, files), sep='\\n')"
        )
        ran = subprocess.run(  # noqa: S603 - our own interpreter and code
            [sys.executable, "-S", "-c", code],
            env={
                "PYTHONPATH": f"{layer}{os.pathsep}{ROOT / folder}",
                "PATH": os.environ["PATH"],
                "AWS_LAMBDA_FUNCTION_NAME": "bench",
            },
            capture_output=True,
            text=True,
            check=True,
        )
        loaded |= {Path(line) for line in ran.stdout.splitlines()}
    return loaded
