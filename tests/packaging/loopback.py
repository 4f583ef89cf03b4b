"""As much of AWS as a packaged function calls: S3 settings, PutEvaluations, an empty account.

Run as a program, because the tests' own process may open no socket. Prints its port, keeps the
settings that are written, and appends every write to the journal.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

UNSET = {
    "cors": "NoSuchCORSConfiguration",
    "encryption": "ServerSideEncryptionConfigurationNotFoundError",
    "lifecycle": "NoSuchLifecycleConfiguration",
    "object-lock": "ObjectLockConfigurationNotFoundError",
    "ownershipControls": "OwnershipControlsNotFoundError",
    "policy": "NoSuchBucketPolicy",
    "publicAccessBlock": "NoSuchPublicAccessBlockConfiguration",
    "replication": "ReplicationConfigurationNotFoundError",
    "tagging": "NoSuchTagSet",
    "website": "NoSuchWebsiteConfiguration",
}
BY_TARGET = {
    "DescribeAlarms": {"MetricAlarms": []},
    "DescribeConfigurationRecorderStatus": {"ConfigurationRecordersStatus": []},
    "DescribeConfigurationRecorders": {"ConfigurationRecorders": []},
    "DescribeMetricFilters": {"metricFilters": []},
    "DescribeTrails": {"trailList": []},
    "GetResourceConfigHistory": {"configurationItems": []},
    "PutEvaluations": {"FailedEvaluations": []},
}
BY_PATH = {
    "/accounts": {"HubArn": "arn:aws:securityhub:eu-central-1:111122223333:hub/default"},
    "/analyzer": {"analyzers": []},
    "/detector": {"detectorIds": []},
    "/macie": {"status": "ENABLED"},
}
ACCOUNT_BLOCK = "/v20180820/configuration/publicAccessBlock"


class Aws(BaseHTTPRequestHandler):
    journal = sys.argv[1]
    settings: dict[str, bytes] = {}  # noqa: RUF012 - shared on purpose

    def do_GET(self):
        path, query = urlsplit(self.path)[2:4]
        setting = query.partition("=")[0].partition("&")[0]
        if path in BY_PATH:
            self._reply(200, json.dumps(BY_PATH[path]).encode())
        elif self.path == ACCOUNT_BLOCK and self.path not in self.settings:
            code = "<Code>NoSuchPublicAccessBlockConfiguration</Code>"
            self._reply(404, f"<ErrorResponse><Error>{code}</Error></ErrorResponse>".encode())
        elif self.path in self.settings:
            self._reply(200, self.settings[self.path])
        elif setting in UNSET:
            self._reply(404, f"<Error><Code>{UNSET[setting]}</Code></Error>".encode())
        else:
            self._reply(200, b"<Setting/>")

    def do_PUT(self):
        self.settings[self.path] = self._body()
        self._record(self.path, self.settings[self.path].decode())
        self._reply(200, b"")

    def do_POST(self):
        body = self._body()
        if "X-Amz-Target" not in self.headers:  # SNS
            name = parse_qs(body.decode())["Action"][0]
            self._reply(200, f"<R><{name}Result></{name}Result></R>".encode())
            return
        operation = self.headers["X-Amz-Target"].rpartition(".")[2]
        if operation == "PutEvaluations":
            self._record(operation, json.loads(body))
        self._reply(200, json.dumps(BY_TARGET[operation]).encode())

    def _body(self):
        return self.rfile.read(int(self.headers["Content-Length"]))

    def _record(self, what, body):
        with open(self.journal, "a", encoding="utf-8") as journal:  # noqa: PTH123
            journal.write(json.dumps([what, body]) + "\n")

    def _reply(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Say nothing: stdout is the port and nothing else."""


server = ThreadingHTTPServer(("127.0.0.1", 0), Aws)
print(server.server_port, flush=True)  # noqa: T201
server.serve_forever()
