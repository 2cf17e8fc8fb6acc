"""A receiver of Standard Webhooks signed asymmetrically (v1a), as their specification tells it. Python's standard
library has no Ed25519, so `openssl` (3.0 or later) on the PATH verifies.

    PUBLIC_KEY=whpk_... python3 standard-webhooks-v1a.py

It has no secret: with what it knows nobody can sign. Takes any free port, prints where it listens, and prints each
webhook it has accepted.
"""

import base64
import json
import os
import subprocess
import tempfile
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

# A public key in DER (RFC 8410, 4) is these bytes and its own.
DER_HEAD = bytes.fromhex("302a300506032b6570032100")
KEY_BYTES = base64.b64decode(os.environ["PUBLIC_KEY"].removeprefix("whpk_"), validate=True)
if len(KEY_BYTES) != 32:
    raise SystemExit("PUBLIC_KEY is not whpk_ and the base64 of 32 bytes")
TOLERANCE_SECONDS = 300


def verifies(content, signature):
    with tempfile.TemporaryDirectory() as folder:
        key, signed, sig = Path(folder, "key.der"), Path(folder, "content"), Path(folder, "signature")
        key.write_bytes(DER_HEAD + KEY_BYTES)
        signed.write_bytes(content)
        sig.write_bytes(signature)
        command = ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER"]
        command += ["-inkey", key, "-in", signed, "-sigfile", sig]
        return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def signatures_in(header):
    """The asymmetric ones: while a key is being changed there is one for each, and there may be other kinds."""
    for one in header.split(" "):
        version, _, signature = one.partition(",")
        if version == "v1a":
            try:
                yield base64.b64decode(signature, validate=True)
            except ValueError:
                continue


def is_signed(body, headers):
    message_id = headers.get("webhook-id", "")
    timestamp = headers.get("webhook-timestamp", "")
    if not timestamp.isdecimal() or abs(time.time() - int(timestamp)) > TOLERANCE_SECONDS:
        return False
    content = f"{message_id}.{timestamp}.".encode("latin-1") + body
    return any(verifies(content, one) for one in signatures_in(headers.get("webhook-signature", "")))


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not is_signed(body, self.headers):
            return self.answer(401)
        if list(json.loads(body)) != ["type", "timestamp", "data"]:
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
print(f"listens on http://127.0.0.1:{server.server_port}/", flush=True)
server.serve_forever()
