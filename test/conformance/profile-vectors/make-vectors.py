"""Makes the vectors beside it, and with --check says whether they are still what it makes.

Python's standard library alone. Nothing of Waybill is read, profile.json neither: each format is written down
here a second time, from the vendor's page, so that a mistake there isn't repeated here.
"""

import base64
import hashlib
import hmac
import json
import sys
from datetime import datetime
from pathlib import Path

HERE = Path(__file__).parent

WHSEC = "whsec_" + base64.b64encode(bytes(range(32))).decode()
WHSEC_BEFORE = "whsec_" + base64.b64encode(bytes(range(100, 124))).decode()
TEXT = "a-shared-secret"
TEXT_BEFORE = "the-secret-before+/="

# Spaces, key order, 1.10, 2^53 + 1, escapes and everything beyond ASCII have to come out as they went in.
ODD = '{ "z": 1.10, "id": 9007199254740993,\n  "s": "\\u00e9\\/ Åsa 📦 \\"{body}\\" ", "n":\tnull, "e": [ ] }'


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
        "delivery": {"id": "dlv_0195f1a2b3c47d5e8f60718293a4b5c7"},
        "attempt": {"number": given.get("number", 1), "timestampSeconds": given.get("at", 1773412205)},
        "webhook": {"id": "wh_0195f1a2b3c47d5e8f60718293a4b5c8"},
    }


def seconds_of(iso):
    return int(datetime.fromisoformat(iso.replace("Z", "+00:00")).timestamp())


def time_of(event):
    return event["occurredAt"].replace(".000Z", "Z")


def members_of(text):
    """The members of a JSON object as they are written, their bytes untouched."""
    decoder = json.JSONDecoder()
    skip = lambda i: i + len(text[i:]) - len(text[i:].lstrip(" \t\r\n"))
    members, at = {}, skip(text.index("{") + 1)
    while text[at] != "}":
        name, at = decoder.raw_decode(text, at)
        start = skip(skip(at) + 1)
        _, end = decoder.raw_decode(text, start)
        members[name] = text[start:end]
        at = skip(end)
        at = skip(at + 1) if text[at] == "," else at
    return members


def mac(key, content, digest=hashlib.sha256):
    return hmac.new(key, content.encode(), digest).digest()


def hex_mac(secret, content):
    return mac(secret.encode(), content).hex()


def base64_mac(secret, content):
    return base64.b64encode(mac(secret.encode(), content)).decode()


def standard_headers(given, secrets, body):
    event_id, seconds = given["event"]["id"], given["attempt"]["timestampSeconds"]
    keys = [base64.b64decode(secret.removeprefix("whsec_")) for secret in secrets]
    signed = [base64.b64encode(mac(key, f"{event_id}.{seconds}.{body}")).decode() for key in keys]
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(f"v1,{one}" for one in signed),
    }


def standard_webhooks(given, secrets):
    event = given["event"]
    body = f'{{"type":"{event["type"]}","timestamp":"{time_of(event)}","data":{event["data"]}}}'
    return body, standard_headers(given, secrets, body)


def scrollengine(given, secrets):
    event = given["event"]
    body = f'{{"event":"{event["type"]}","timestamp":"{time_of(event)}","data":{event["data"]}}}'
    signature = hex_mac(secrets[0], body)
    return body, {"X-Scrollengine-Event-Id": event["id"], "X-Scrollengine-Signature": signature}


def velourcity(given, secrets):
    event = given["event"]
    body = (
        f'{{"event":"{event["type"]}","timestamp":"{time_of(event)}",'
        f'"id":"{event["id"]}","data":{event["data"]}}}'
    )
    return body, {
        "user-agent": "Velourcity-Webhooks/1.0",
        "X-Velourcity-Event": event["type"],
        "X-Velourcity-Delivery-Attempt": str(given["attempt"]["number"]),
        "X-Velourcity-Signature": f"sha256={hex_mac(secrets[0], body)}",
    }


def scurri(given, secrets):
    event = given["event"]
    data = members_of(event["data"])
    trackings = data.get("trackings", "null")
    body = (
        f'{{"event_type":"{event["type"]}","event_id":"{event["id"]}","payload_version":"2024.1",'
        f'"carrier_slug":{data.get("carrier_slug", "null")},"count":{len(json.loads(trackings) or [])},'
        f'"trackings":{trackings}}}'
    )
    return body, standard_headers(given, secrets, body)


def shopctrl(given, secrets):
    event = given["event"]
    data = members_of(event["data"])
    fields = FIELDS_OF.get(event["type"], ["OrderId", "OrderCode"])
    entity = ",".join(f'"{field}":{data.get(field, "null")}' for field in fields)
    body = f'{{"event":"{event["type"]}","entityData":{{{entity}}}}}'
    return body, {"X-Shopctrl-Signature": base64_mac(secrets[0], body)}


def stripe(given, secrets):
    event, seconds = given["event"], given["attempt"]["timestampSeconds"]
    body = (
        f'{{"id":"{event["id"]}","object":"event","type":"{event["type"]}",'
        f'"created":{seconds_of(event["occurredAt"])},"data":{event["data"]}}}'
    )
    signed = [f"v1={hex_mac(secret, f'{seconds}.{body}')}" for secret in secrets]
    return body, {"Stripe-Signature": f"t={seconds},{','.join(signed)}"}


def github(given, secrets):
    event = given["event"]
    return event["data"], {
        "X-GitHub-Event": event["type"],
        "X-GitHub-Delivery": event["id"],
        "X-Hub-Signature-256": f"sha256={hex_mac(secrets[0], event['data'])}",
    }


def shopify(given, secrets):
    event = given["event"]
    return event["data"], {
        "X-Shopify-Topic": event["type"],
        "X-Shopify-Webhook-Id": given["delivery"]["id"],
        "X-Shopify-Event-Id": event["id"],
        "X-Shopify-Triggered-At": time_of(event),
        "X-Shopify-Hmac-Sha256": base64_mac(secrets[0], event["data"]),
    }


# ShopCtrl's table, row by row: the fields, then the vendor's title of each event and its name on the wire.
SHOPCTRL = [
    ("ProductId ProductCode ShopGroupId", {
        "Product Created": "product.created",
        "Product Changed": "product.changed",
        "Product Deleted": "product.deleted",
        "Product Available Stock Changed": "product.available_stock_changed",
        "Product Locked": "product.locked",
        "Product Unlocked": "product.unlocked",
        "Product Dimensions Changed": "product.dimensions_changed",
    }),
    ("ProductPackageId ProductId ShopGroupId", {
        "Product Package Created": "product_package.created",
        "Product Package Changed": "product_package.changed",
        "Product Package Deleted": "product_package.deleted",
    }),
    ("ProductId ProductCode ProductSelectionProductId ShopId", {
        "Product Selection Product Changed": "product_selection_product.changed",
        "Product Selection Product Deleted": "product_selection_product.deleted",
    }),
    ("ProductGroupId ProductGroupName", {
        "Product Group Changed": "product_group.changed",
        "Product Group Deleted": "product_group.deleted",
    }),
    ("OrderId OrderCode CustomerRating", {
        "Order Customer Rating Changed": "order.customer_rating_changed",
    }),
    ("OrderCommentId OrderId OrderCode TicketId TicketCode", {
        "Order Comment Changed": "order_comment.changed",
    }),
    ("InvoiceId InvoiceCode OrderId OrderCode", {
        "Invoice Payments Done": "invoice.payments_done",
        "Order Invoices All Paid": "order.invoices_all_paid",
        "Invoice Payments Not Done": "invoice.payments_not_done",
        "Invoice Payments Partial Done": "invoice.payments_partial_done",
        "Non Draft Invoice Saved": "invoice.non_draft_saved",
        "Non Draft Credit Invoice Saved": "invoice.non_draft_credit_saved",
        "Order Invoices Created": "order.invoices_created",
    }),
    ("ShopId", {
        "New Shop Saved": "shop.new_saved",
        "Init New Shop": "shop.init_new",
    }),
    ("PurchaseOrderId PurchaseOrderCode SupplierId WarehouseId OrderId OrderCode ShopId", {
        "Purchase Order Created": "purchase_order.created",
        "Purchase Order Delivery Provisioned": "purchase_order.delivery_provisioned",
        "Purchase Order Delivery Received": "purchase_order.delivery_received",
        "Purchase Order Handed Over": "purchase_order.handed_over",
        "Purchase Order Provisioned": "purchase_order.provisioned",
        "Purchase Order Received": "purchase_order.received",
        "Purchase Order Main Status Changed": "purchase_order.main_status_changed",
        "Purchase Order Submit Status Changed": "purchase_order.submit_status_changed",
        "Purchase Order Payment Status Changed": "purchase_order.payment_status_changed",
        "Purchase Order Provision Status Changed": "purchase_order.provision_status_changed",
        "Purchase Order Custom Status Changed": "purchase_order.custom_status_changed",
    }),
    ("ParcelId TrackingCode OrderShipmentId OrderShipmentCode OrderId OrderCode", {
        "Shipment Created": "shipment.created",
        "Shipment Delivered": "shipment.delivered",
        "Parcel Status Change": "parcel.status_changed",
        "Parcel Pickup Done": "parcel.pickup_done",
        "New Parcel Added": "parcel.new_added",
        "Shipment Picked": "shipment.picked",
        "Shipment Packed": "shipment.packed",
        "Shipment Shipped": "shipment.shipped",
        "Order Shipment Status Changed": "order.shipment_status_changed",
        "Order Fully Shipped": "order.fully_shipped",
        "Shipment Handover": "shipment.handover",
    }),
    ("OrderReturnId OrderReturnCode OrderId OrderCode", {
        "Main Order Return Status Changed": "order_return.main_status_changed",
        "Order Return Changed": "order_return.changed",
        "Order Return Created": "order_return.created",
    }),
    ("Id Code", {
        "Product Property Def Changed": "product_property_def.changed",
        "Product Property Def Deleted": "product_property_def.deleted",
    }),
    ("Id Name", {
        "Product Brand Changed": "product_brand.changed",
        "Product Brand Deleted": "product_brand.deleted",
    }),
    ("Id", {
        "Voip Call Changed": "voip_call.changed",
    }),
    ("TicketId TicketCode OrderId OrderCode ShopId", {
        "Ticket Main Status Changed": "ticket.main_status_changed",
        "Ticket Created": "ticket.created",
    }),
    (
        "TicketId TicketCode OrderId OrderCode HandlingEmployeeGroupId HandlingEmployeeId "
        "OldHandlingEmployeeGroupId OldHandlingEmployeeId",
        {
            "Ticket Handling Employee Group Changed": "ticket.handling_employee_group_changed",
            "Ticket Handling Employee Changed": "ticket.handling_employee_changed",
        },
    ),
    ("TicketId TicketCode OrderId OrderCode ShopId TicketMessageDirection", {
        "Ticket Incoming Message": "ticket.incoming_message",
        "Ticket Outcoming Message": "ticket.outcoming_message",
    }),
]
FIELDS_OF = {name: fields.split() for fields, events in SHOPCTRL for name in events.values()}


def common_cases(event_type, data, current, before):
    """Every format has to get these right: a plain event, odd bytes and a fraction, a retry while a secret is rotated."""
    named = {"subject": "order/12345", "channel": "webshop-se", "version": "2026-01"}
    return [
        ("a plain event", subject(event_type, data, **named), [current]),
        ("data keeps its bytes, and a time its fraction",
         subject("custom-type_1.x", ODD, occurred_at="2026-12-31T23:59:59.250Z", at=1798761600), [current]),
        ("the third attempt, while a secret is rotated",
         subject(event_type, "{}", number=3, at=1773414005), [current, before]),
    ]


def scurri_cases():
    parcel = '{"tracking_number": "JD014600003281234567", "id": 1234567890, "events": [{"status": "Delivered"}]}'
    of = lambda data: subject("tracking_update", data, version="2024.1")
    return [
        ("one package", of(f'{{"carrier_slug":"dhl","count":1,"trackings":[{parcel}]}}'), [WHSEC]),
        ("three packages are counted, whatever count says",
         of(f'{{ "count": 7, "trackings": [ {parcel}, {{}}, {{"s":"],["}} ] , "carrier_slug": "dpd" }}'), [WHSEC]),
        ("no packages", of('{"carrier_slug":"ups","trackings":[ ]}'), [WHSEC]),
        ("what the event hasn't is null, and members further in aren't taken for it",
         of('{"inner":{"carrier_slug":"no","trackings":[1]}}'), [WHSEC]),
        ("a secret is rotated", of('{"carrier_slug":"dhl","trackings":[]}'), [WHSEC, WHSEC_BEFORE]),
    ]


def shopctrl_cases():
    cases = common_cases("order.changed", '{"OrderId":4711,"OrderCode":"ORD-4711"}', TEXT, TEXT_BEFORE)
    mixed = '{ "More": {"OrderId": 1}, "OrderCode" : "\\u00d6-\\"OrderId\\": 2", "OrderId":\n4711.00 , "Rest": [] }'
    cases += [
        ("order, spelling and place of the fields are the table's, their values the event's",
         subject("order.changed", mixed), [TEXT]),
        ("a field may have any JSON as its value",
         subject("product.created", '{"ShopGroupId":{"a":[1, 2]},"ProductId":-0.10e3,"ProductCode":false}'), [TEXT]),
        ("names of events are compared whole",
         subject("product.created.late", '{"ProductId":1,"OrderId":2}'), [TEXT]),
        ("data that is no object has no fields", subject("shipment.created", '["OrderId"]'), [TEXT]),
    ]
    for fields, events in SHOPCTRL:
        # Backwards, and with one too many: the table decides.
        data = json.dumps({name: f"{name[0]}{index}" for index, name in enumerate(["Extra", *fields.split()[::-1]])})
        for index, (title, name) in enumerate(events.items()):
            cases.append((title, subject(name, data if index == 0 else "{}"), [TEXT]))
    return cases


DELIVERED = (
    '{"order_id":"12345","shopify_order_id":"98765","delivery_method":"local_delivery","status":"delivered",'
    '"driver":{"id":"d-001","name":"John Driver"}}'
)
STANDARD_CASES = common_cases("order.delivered", DELIVERED, WHSEC, WHSEC_BEFORE)
# A whsec_ secret is nothing special where the key is the text itself.
TEXT_CASES = [
    *common_cases("order.delivered", DELIVERED, TEXT, TEXT_BEFORE),
    ("a whsec_ secret is taken as the text it is", subject("order.delivered", DELIVERED), [WHSEC]),
]

PROFILES = {
    "standard-webhooks": (standard_webhooks, STANDARD_CASES),
    "nshift": (standard_webhooks, STANDARD_CASES),
    "scurri": (scurri, scurri_cases()),
    "scrollengine": (scrollengine, TEXT_CASES),
    "velourcity": (velourcity, TEXT_CASES),
    "shopctrl": (shopctrl, shopctrl_cases()),
    "stripe": (stripe, TEXT_CASES),
    "github": (github, TEXT_CASES),
    "shopify": (shopify, TEXT_CASES),
}


def vector(render, title, given, secrets):
    if not given["event"]["data"].lstrip().startswith("{"):
        # Rows of the table ask for members: there are none.
        body, headers = render({**given, "event": {**given["event"], "data": "{}"}}, secrets)
    else:
        body, headers = render(given, secrets)
    json.loads(body)
    headers = {"content-type": "application/json", **headers}
    return {"title": title, "subject": given, "secrets": secrets, "body": body, "headers": headers}


def main():
    changed = []
    for name, (render, cases) in PROFILES.items():
        vectors = [vector(render, *case) for case in cases]
        text = "[\n" + ",\n".join(json.dumps(one, ensure_ascii=False) for one in vectors) + "\n]\n"
        file = HERE / f"{name}.json"
        if "--check" not in sys.argv:
            file.write_text(text, "utf-8")
        # Formatting is the formatter's: what counts is the content.
        elif json.loads(file.read_text("utf-8")) != vectors:
            changed.append(file.name)
    if changed:
        sys.exit(f"not what make-vectors.py makes: {', '.join(changed)}")


main()
