"""Serves the examples for Python, each at its name: EXAMPLES=folder python3 serve.py"""

import importlib.util
import os
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server


class Quiet(WSGIRequestHandler):
    def log_message(self, *_arguments):
        pass


def load(file):
    spec = importlib.util.spec_from_file_location(file.parent.name.replace("-", "_"), file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.app


folder = Path(os.environ["EXAMPLES"])
apps = {file.parent.name: load(file) for file in folder.glob("*/webhooks.py")}


def serve(environ, start_response):
    app = apps[environ["PATH_INFO"].strip("/")]
    return app({**environ, "PATH_INFO": "/webhooks"}, start_response)


server = make_server("127.0.0.1", 0, serve, handler_class=Quiet)
print(f"listens on http://127.0.0.1:{server.server_port}/", flush=True)
server.serve_forever()
