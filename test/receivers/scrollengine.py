"""A receiver of Scrollengine's webhooks, as its page tells it. Python's standard library alone.

    SECRET=... python3 scrollengine.py

Takes any free port, prints where it listens, and prints each webhook it has accepted.
"""

import hashlib
import hmac
import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = os.environ["SECRET"].encode()


def is_signed(body, signature):
    expected = hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    # As bytes: compare_digest refuses text beyond ASCII, which anybody may send.
    return hmac.compare_digest(expected.encode(), signature.encode("latin-1"))


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not is_signed(body, self.headers.get("X-Scrollengine-Signature", "")):
            return self.answer(401)
        webhook = json.loads(body)
        if list(webhook) != ["event", "timestamp", "data"]:
            return self.answer(400)
        print("accepted", body.decode(), flush=True)
        self.answer(204)

    def answer(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
print(f"listens on http://127.0.0.1:{server.server_port}/", flush=True)
server.serve_forever()
