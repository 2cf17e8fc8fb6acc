"""A receiver of Standard Webhooks, as their specification tells it: Waybill's own format, nShift's and the
headers of Scurri's. Python's standard library alone.

    SECRET=whsec_... python3 standard-webhooks.py

Takes any free port, prints where it listens, and prints each webhook it has accepted. With CERTIFICATE and
PRIVATE_KEY, which name PEM files, it speaks https. MEMBERS, separated by commas, are the members a body must
have, in their order.
"""

import base64
import hashlib
import hmac
import json
import os
import ssl
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY = base64.b64decode(os.environ["SECRET"].removeprefix("whsec_"))
MEMBERS = os.environ["MEMBERS"].split(",")
TOLERANCE_SECONDS = 300


def is_signed(body, headers):
    message_id = headers.get("webhook-id", "")
    timestamp = headers.get("webhook-timestamp", "")
    if not timestamp.isdecimal() or abs(time.time() - int(timestamp)) > TOLERANCE_SECONDS:
        return False
    content = f"{message_id}.{timestamp}.".encode("latin-1") + body
    expected = b"v1," + base64.b64encode(hmac.new(KEY, content, hashlib.sha256).digest())
    # While a secret is being changed there is one signature for each.
    given = headers.get("webhook-signature", "").encode("latin-1").split(b" ")
    return any(hmac.compare_digest(expected, one) for one in given)


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not is_signed(body, self.headers):
            return self.answer(401)
        if list(json.loads(body)) != MEMBERS:
            return self.answer(400)
        print("accepted", body.decode(), flush=True)
        self.answer(200)

    def answer(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
scheme = "http"
if "CERTIFICATE" in os.environ:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(os.environ["CERTIFICATE"], os.environ["PRIVATE_KEY"])
    server.socket = context.wrap_socket(server.socket, server_side=True)
    scheme = "https"
print(f"listens on {scheme}://127.0.0.1:{server.server_port}/", flush=True)
server.serve_forever()
