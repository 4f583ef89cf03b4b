"""moto_server on loopback, with every request that it answers counted from its log."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
from contextlib import AbstractContextManager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Self

_VERSION = "moto[server]==5.2.5"
_REQUEST = re.compile(rb"(?:GET|HEAD) (\S+) HTTP/")
_START = """
import sys
from moto.s3.models import S3Backend
from moto.server import main
listed = S3Backend.list_buckets
S3Backend.list_buckets = lambda own, max_buckets, **asked: listed(own, max_buckets=None, **asked)
main(sys.argv[1:])
"""
"""moto cuts the list of buckets at MaxBuckets and gives no token to go on with."""
_CONTROL = b"/v20180820/"
_PATIENCE = 60


class Server(AbstractContextManager["Server"]):
    """An empty account; ``home`` holds the virtual environment that it is installed into."""

    def __init__(self, home: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        self._home = home / "moto"
        self._log = NamedTemporaryFile()  # noqa: SIM115 - closed on leaving
        self._from = 0

    def __enter__(self) -> Self:
        if not (self._home / "ready").exists():
            pip = str(self._home / "bin" / "pip")
            subprocess.run([sys.executable, "-m", "venv", str(self._home)], check=True)  # noqa: S603
            subprocess.run([pip, "install", "-q", _VERSION], check=True)  # noqa: S603
            (self._home / "ready").touch()
        python = str(self._home / "bin" / "python")
        program = [python, "-c", _START, "-H", "127.0.0.1", "-p", str(self._port)]
        with Path(self._log.name).open("ab") as log:
            self._process = subprocess.Popen(program, stdout=log, stderr=log)  # noqa: S603
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self._port)) == 0:
                    return self
            time.sleep(0.1)
        raise RuntimeError("moto_server did not start.")

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()
        self._log.close()

    def client(self) -> Any:  # noqa: ANN401 - boto3's
        import boto3

        return boto3.client(
            "s3", endpoint_url=self.url, region_name="us-east-1",
            aws_access_key_id="none", aws_secret_access_key="none",  # noqa: S106 - none
        )  # fmt: skip

    def forget(self) -> None:
        self._from = Path(self._log.name).stat().st_size

    def s3_calls(self) -> int:
        """Count the requests to S3 since `forget`: those that name a bucket, or list them."""
        self._log.seek(self._from)
        paths = _REQUEST.findall(self._log.read())
        return sum(not path.startswith(_CONTROL) for path in paths)
