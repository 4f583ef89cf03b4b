"""As much of AWS as a packaged function calls: S3 settings, PutEvaluations, and else nothing there.

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
ANSWERS = {
    "DeleteItem": {},
    "DescribeAlarms": {"MetricAlarms": []},
    "DescribeConfigRules": {"ConfigRules": []},
    "DescribeConfigurationRecorderStatus": {"ConfigurationRecordersStatus": []},
    "DescribeConfigurationRecorders": {"ConfigurationRecorders": []},
    "DescribeMetricFilters": {"metricFilters": []},
    "DescribeTrails": {"trailList": []},
    "GetItem": {},
    "GetResourceConfigHistory": {"configurationItems": []},
    "PutEvaluations": {"FailedEvaluations": []},
    "PutEvents": {"FailedEntryCount": 0, "Entries": []},
    "PutItem": {},
    "Query": {"Items": []},
}
"""By operation, of the services that speak JSON."""
PAGES = {
    "/accounts": {"HubArn": "arn:aws:securityhub:eu-central-1:111122223333:hub/default"},
    "/analyzer": {"analyzers": []},
    "/detector": {"detectorIds": []},
    "/macie": {"status": "PAUSED"},
}
"""By path, of those that have one for each operation."""
LISTS = {
    "ListStackResources": ["StackResourceSummaries"],
    "ListSubscriptions": ["Subscriptions"],
    "ListTopics": ["Topics"],
}
"""The empty lists in the answers of those that speak XML."""
KEPT = {"PutEvaluations", "PutEvents", "PutItem"}
ACCOUNT_BLOCK = "/v20180820/configuration/publicAccessBlock"


class Aws(BaseHTTPRequestHandler):
    journal = sys.argv[1]
    settings: dict[str, bytes] = {}  # noqa: RUF012 - shared on purpose

    def do_GET(self):
        setting = urlsplit(self.path).query.partition("=")[0].partition("&")[0]
        path = urlsplit(self.path).path
        if path in PAGES:
            self._reply(200, json.dumps(PAGES[path]).encode())
        elif path == ACCOUNT_BLOCK and path not in self.settings:
            self._reply(404, b"<Error><Code>NoSuchPublicAccessBlockConfiguration</Code></Error>")
        elif self.path in self.settings:
            self._reply(200, self.settings[self.path])
        elif setting in UNSET:
            self._reply(404, f"<Error><Code>{UNSET[setting]}</Code></Error>".encode())
        else:
            self._reply(200, b"<Setting/>")

    def do_HEAD(self):
        self._reply(200, b"")  # every bucket is there

    def do_PUT(self):
        self.settings[self.path] = self._body()
        self._record(self.path, self.settings[self.path].decode())
        self._reply(200, b"")

    def do_POST(self):
        target = self.headers["X-Amz-Target"]
        if target is None:
            [operation] = parse_qs(self._body().decode())["Action"]
            members = "".join(f"<{name}/>" for name in LISTS[operation])
            reply = f"<{operation}Result>{members}</{operation}Result>"
            self._reply(200, f"<{operation}Response>{reply}</{operation}Response>".encode())
            return
        operation = target.rpartition(".")[2]
        body = self._body()
        if operation in KEPT:
            self._record(operation, json.loads(body))
        self._reply(200, json.dumps(ANSWERS[operation]).encode())

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
