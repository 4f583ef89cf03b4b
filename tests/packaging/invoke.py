"""Invoke a packaged handler as Lambda does: its code, the layer and Python, and nothing else.

Run as ``python -I -S invoke.py CODE LAYER HANDLER EVENT``. Prints as its last line the reply
and the files of all modules that were imported.
"""

import importlib
import json
import sys

code, layer, handler, event = sys.argv[1:]
sys.path[:0] = [code, layer]  # as Lambda has /var/task before /opt/python


class Context:
    aws_request_id = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"
    invoked_function_arn = "arn:aws:lambda:eu-central-1:111122223333:function:acme"


module, _, name = handler.rpartition(".")
function = getattr(importlib.import_module(module), name)
try:
    reply = {"returned": function(json.loads(event), Context)}
except Exception as error:  # noqa: BLE001 - Lambda's runtime catches all of them too
    reply = {"raised": type(error).__qualname__, "module": type(error).__module__}
    reply["message"] = str(error)
files = [getattr(each, "__file__", None) for each in list(sys.modules.values())]
print(json.dumps({**reply, "files": sorted(filter(None, files))}))  # noqa: T201
