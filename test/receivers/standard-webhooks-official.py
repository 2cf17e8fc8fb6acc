"""A receiver of Standard Webhooks that leaves the checking to the official library, `standardwebhooks` of PyPI.

    pip install --target LIBRARIES standardwebhooks
    PYTHONPATH=LIBRARIES SECRET=whsec_... python3 standard-webhooks-official.py

Takes any free port, prints where it listens, and prints each webhook it has accepted.
"""

import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks import Webhook, WebhookVerificationError

WEBHOOK = Webhook(os.environ["SECRET"])


def is_signed(body, headers):
    try:
        WEBHOOK.verify(body, dict(headers.items()), json_parse=False)
    # The library doesn't catch what it can't read: a body that isn't UTF-8, a signature that isn't base64.
    except (WebhookVerificationError, ValueError):
        return False
    return True


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not is_signed(body, self.headers):
            return self.answer(401)
        print("accepted", body.decode(), flush=True)
        self.answer(200)

    def answer(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
print(f"listens on http://127.0.0.1:{server.server_port}/", flush=True)
server.serve_forever()
