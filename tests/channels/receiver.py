"""Slack, Teams, PagerDuty, ServiceNow, Zendesk and an endpoint, on the loopback interface.

Run as a program with the journal's path. Prints its port; appends each request as a line of JSON:
method, path, headers, body. What the paths under /fail/ are asked, they answer with 503 as often
as their number says; /redirect/ points elsewhere.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ANSWERS = {
    "/v2/enqueue": (202, {"status": "success", "message": "Event processed", "dedup_key": "k"}),
    "/api/now/table/incident": (201, {"result": {"sys_id": "a" * 32, "number": "INC0010001"}}),
    "/api/v2/tickets.json": (201, {"ticket": {"id": 35436, "status": "new"}}),
}


class Receiver(BaseHTTPRequestHandler):
    journal = sys.argv[1]
    failures: dict[str, int] = {}  # noqa: RUF012 - shared on purpose

    def answer(self):
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        entry = {
            "method": self.command,
            "path": self.path,
            "headers": dict(self.headers),
            "body": content.decode(),
        }
        with open(self.journal, "a", encoding="utf-8") as journal:  # noqa: PTH123
            journal.write(json.dumps(entry) + "\n")
        status, reply = ANSWERS.get(self.path, (200, {}))
        if self.path.startswith("/fail/"):
            count = self.failures.setdefault(self.path, int(self.path.split("/")[2]))
            self.failures[self.path] = count - 1
            status = 503 if count > 0 else 200
        body = json.dumps(reply).encode()
        self.send_response(302 if self.path.startswith("/redirect") else status)
        self.send_header("Location", "/stolen")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_PATCH = answer  # noqa: N815

    def log_message(self, *_):
        """Say nothing: stdout is the port and nothing else."""


server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
print(server.server_port, flush=True)  # noqa: T201
server.serve_forever()
