"""Makes the vectors of standard-webhooks-v1a, and with --check says whether they are still what it makes.

Python's standard library has no Ed25519, so `openssl` (3.0 or later) on the PATH signs. Nothing of Waybill is read:
the format is written down here a second time, from the specification of Standard Webhooks.
"""

import base64
import json
import subprocess
import sys
import tempfile
from pathlib import Path

FILE = Path(__file__).with_name("standard-webhooks-v1a.json")

# A private key in PKCS#8 (RFC 8410, 7) is these bytes and its seed; a public one ends in its 32 bytes.
PKCS8_HEAD = bytes.fromhex("302e020100300506032b657004220420")
SEED_BYTES = 32


def openssl(*arguments):
    return subprocess.run(["openssl", *arguments], check=True, stdout=subprocess.PIPE).stdout


def public_key_of(seed):
    with tempfile.TemporaryDirectory() as folder:
        key = Path(folder, "key.der")
        key.write_bytes(PKCS8_HEAD + seed)
        return openssl("pkey", "-inform", "DER", "-in", key, "-pubout", "-outform", "DER")[-32:]


def signature_of(seed, content):
    with tempfile.TemporaryDirectory() as folder:
        key, signed = Path(folder, "key.der"), Path(folder, "content")
        key.write_bytes(PKCS8_HEAD + seed)
        # OpenSSL has to know the length before it reads: standard input won't do.
        signed.write_bytes(content)
        return openssl("pkeyutl", "-sign", "-rawin", "-keyform", "DER", "-inkey", key, "-in", signed)


def secret_of(seed, with_public_key=True):
    return "whsk_" + base64.b64encode(seed + (public_key_of(seed) if with_public_key else b"")).decode()


def seed_in(secret):
    return base64.b64decode(secret.removeprefix("whsk_"))[:SEED_BYTES]


SECRET = secret_of(bytes(range(32)))
SECRET_BEFORE = secret_of(bytes(range(100, 132)))
SEED_ALONE = secret_of(bytes(range(32)), with_public_key=False)

# Spaces, key order, 1.10, 2^53 + 1, escapes and everything beyond ASCII have to come out as they went in.
ODD = '{ "z": 1.10, "id": 9007199254740993,\n  "s": "\\u00e9\\/ Åsa 📦 \\"{body}\\" ", "n":\tnull, "e": [ ] }'
DELIVERED = '{"order_id":"12345","status":"delivered","driver":{"id":"d-001","name":"John Driver"}}'


def subject(event_type, data, **given):
    event = {
        "id": "evt_0195f1a2b3c47d5e8f60718293a4b5c6",
        "type": event_type,
        "occurredAt": given.get("occurred_at", "2026-03-13T14:30:00.000Z"),
        "subject": given.get("subject"),
        "channel": given.get("channel"),
        "version": given.get("version"),
        "data": data,
    }
    return {
        "event": event,
        "payloadVersion": None,
        "delivery": {"id": "dlv_0195f1a2b3c47d5e8f60718293a4b5c7"},
        "attempt": {"number": given.get("number", 1), "timestampSeconds": given.get("at", 1773412205)},
        "webhook": {"id": "wh_0195f1a2b3c47d5e8f60718293a4b5c8"},
    }


CASES = [
    ("a plain event",
     subject("order.delivered", DELIVERED, subject="order/12345", channel="webshop-se"), [SECRET]),
    ("data keeps its bytes, and a time its fraction",
     subject("custom-type_1.x", ODD, occurred_at="2026-12-31T23:59:59.250Z", at=1798761600), [SECRET]),
    ("the third attempt, while a secret is rotated",
     subject("order.delivered", "{}", number=3, at=1773414005), [SECRET, SECRET_BEFORE]),
    ("a seed without its public key signs as with it", subject("order.delivered", DELIVERED), [SEED_ALONE]),
]


def vector(title, given, secrets):
    event, seconds = given["event"], given["attempt"]["timestampSeconds"]
    time = event["occurredAt"].replace(".000Z", "Z")
    body = f'{{"type":"{event["type"]}","timestamp":"{time}","data":{event["data"]}}}'
    content = f'{event["id"]}.{seconds}.{body}'.encode()
    signed = [base64.b64encode(signature_of(seed_in(secret), content)).decode() for secret in secrets]
    headers = {
        "content-type": "application/json",
        "webhook-id": event["id"],
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(f"v1a,{one}" for one in signed),
    }
    return {"title": title, "subject": given, "secrets": secrets, "body": body, "headers": headers}


def main():
    vectors = [vector(*case) for case in CASES]
    if "--check" not in sys.argv:
        text = "[\n" + ",\n".join(json.dumps(one, ensure_ascii=False) for one in vectors) + "\n]\n"
        FILE.write_text(text, "utf-8")
    # Formatting is the formatter's: what counts is the content.
    elif json.loads(FILE.read_text("utf-8")) != vectors:
        sys.exit(f"not what {Path(__file__).name} makes: {FILE.name}")


main()
