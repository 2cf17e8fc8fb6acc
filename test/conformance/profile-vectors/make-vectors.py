"""Makes the vectors beside it, and with --check says whether they are still what it makes.

Python's standard library alone. Nothing of Waybill is read, its catalogs neither: each format is written down
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
        "payloadVersion": given.get("payload_version"),
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


def items_of(text):
    """The items of a JSON array as they are written; none of anything else."""
    decoder = json.JSONDecoder()
    skip = lambda i: i + len(text[i:]) - len(text[i:].lstrip(" \t\r\n,"))
    items, at = [], skip(1)
    while text.startswith("[") and text[at] != "]":
        _, end = decoder.raw_decode(text, at)
        items.append(text[at:end])
        at = skip(end)
    return items


def object_of(members):
    """A JSON object of members whose values are JSON already."""
    return "{" + ",".join(f"{json.dumps(name, ensure_ascii=False)}:{value}" for name, value in members.items()) + "}"


def documented(fields, text):
    """Those members of an object that are documented, in that order, each changed as it is said there."""
    if not text.startswith("{"):
        return text
    members = members_of(text)
    return object_of({name: change(members[name]) for name, change in fields.items() if name in members})


def each(change):
    return lambda text: f"[{','.join(map(change, items_of(text)))}]" if text.startswith("[") else text


def letters(change):
    return lambda text: json.dumps(change(json.loads(text)), ensure_ascii=False) if text.startswith('"') else text


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


AS_IT_IS = lambda text: text
SCURRI_ENVELOPE = ["event_type", "event_id", "payload_version"]
SCURRI_STATUS = {"2024.1": letters(str.capitalize), "2025.1": letters(str.upper)}
PROOF_OF_DELIVERY = [
    "document_id", "document_url", "file_type", "proof_of_delivery_type", "consignment_identifier", "order_number",
    "package_tracking_number", "package_reference", "carrier", "service_id",
]


def tracking_update(data, version):
    happened = dict.fromkeys(["status", "description", "timestamp", "carrier_code", "location"], AS_IT_IS)
    happened["status"] = SCURRI_STATUS[version]
    tracking = dict.fromkeys(
        ["tracking_number", "consignment_identifier", "consignment_number", "order_number", "id", "carrier"], AS_IT_IS
    )
    tracking["events"] = each(lambda text: documented(happened, text))
    fields = {"carrier_slug": AS_IT_IS, "count": AS_IT_IS, "trackings": each(lambda text: documented(tracking, text))}
    members = members_of(data)
    members["count"] = str(len(items_of(members.get("trackings", "null"))))
    return documented(fields, object_of(members))


def proof_of_delivery(data, _version):
    document = dict.fromkeys(PROOF_OF_DELIVERY, AS_IT_IS)
    return documented({"payload": each(lambda text: documented(document, text))}, data)


SCURRI = {"tracking_update": tracking_update, "proof_of_delivery": proof_of_delivery}


def scurri(given, secrets):
    event, version = given["event"], given["payloadVersion"]
    members = {"event_type": f'"{event["type"]}"', "event_id": f'"{event["id"]}"', "payload_version": f'"{version}"'}
    if event["data"].startswith("{"):
        payload_of = SCURRI.get(event["type"], lambda data, _version: data)
        payload = members_of(payload_of(event["data"], version))
        members.update({name: value for name, value in payload.items() if name not in SCURRI_ENVELOPE})
    else:
        members["data"] = event["data"]
    body = object_of(members)
    return body, standard_headers(given, secrets, body)


def shopctrl(given, secrets):
    event = given["event"]
    entity = event["data"]
    if entity.lstrip().startswith("{"):
        data = members_of(entity)
        fields = FIELDS_OF.get(event["type"], ["OrderId", "OrderCode"])
        entity = object_of({field: data.get(field, "null") for field in fields})
    body = f'{{"event":"{event["type"]}","entityData":{entity}}}'
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
    # The last row, every other event: those that the page on triggers lists beside.
    ("OrderId OrderCode", {
        "New Order Added": "order.added",
        "New Order Initialized": "order.initialized",
        "Not Shippable Order Fully Shipped": "order.not_shippable_fully_shipped",
        "Order Changed": "order.changed",
        "Order Custom Status Changed": "order.custom_status_changed",
        "Order Down Payment Done": "order.down_payment_done",
        "Order Fulfillment Status Changed": "order.fulfillment_status_changed",
        "Order Fully Delivered": "order.fully_delivered",
        "Order Rows Not In Stock": "order.rows_not_in_stock",
        "Order Invoices Partial Paid": "order.invoices_partial_paid",
        "Order Invoices Partly Created": "order.invoices_partly_created",
        "Order Main Status Changed": "order.main_status_changed",
        "Order Needs Refund": "order.needs_refund",
        "Order Payment Status Changed": "order.payment_status_changed",
        "Order Payment Type Changed": "order.payment_type_changed",
        "Order Payments Done": "order.payments_done",
        "Order Payments Not Done": "order.payments_not_done",
        "Order Payments Partial Done": "order.payments_partial_done",
        "Order Preferred Delivery Date Changed": "order.preferred_delivery_date_changed",
        "Order Purchase Type Changed": "order.purchase_type_changed",
        "Order Stock Status Changed": "order.stock_status_changed",
        "Invoice Changed": "invoice.changed",
        "Invoice Reminder 1": "invoice.reminder_1",
        "Invoice Reminder 2": "invoice.reminder_2",
        "Invoice Reminder 3": "invoice.reminder_3",
        "Stock Count Created": "stock_count.created",
        "New Customer Added": "customer.added",
        "Customer Email Changed": "customer.email_changed",
        "Company Contact Email Address Changed": "customer.company_contact_email_address_changed",
        "Ticket Satisfaction Score Changed": "ticket.satisfaction_score_changed",
        "New Contract Added": "service_contract.added",
        "Contract Active Status Changed": "service_contract.active_status_changed",
        "Contract Active Status Changed To Active": "service_contract.active_status_changed_to_active",
        "Contract Company Contact Email Address Changed": "service_contract.company_contact_email_address_changed",
        "Rental Contract Order Created": "rental_contract.order_created",
    }),
]
FIELDS_OF = {name: fields.split() for fields, events in SHOPCTRL for name in events.values()}


def common_cases(event_type, data, current, before):
    """Every format has to get these right: a plain event, odd bytes and a fraction, a retry while a secret is rotated."""
    named = {"subject": "order/12345", "channel": "webshop-se"}
    return [
        ("a plain event", subject(event_type, data, **named), [current]),
        ("data keeps its bytes, and a time its fraction",
         subject("custom-type_1.x", ODD, occurred_at="2026-12-31T23:59:59.250Z", at=1798761600), [current]),
        ("the third attempt, while a secret is rotated",
         subject(event_type, "{}", number=3, at=1773414005), [current, before]),
    ]


def scurri_cases():
    parcel = (
        '{"tracking_number": "JD014600003281234567", "id": 1234567890, "events": '
        '[{"status": "In transit"}, {"location":"London","status":"delivered"}]}'
    )
    trackings = f'{{"carrier_slug":"dhl","count":1,"trackings":[{parcel}]}}'
    odd = (
        '{ "trackings" : [ { "events":[ {"carrier_code":"E\\/1","extra":{"status":"x"},'
        '"status":"fr\\u00e5N \\"A\\" 📦",\n"timestamp":null}, {"status":null}, {"status":7}, 1.10, [ {"status":"a"} ], '
        '{ } ], "id":9007199254740993,\n'
        ' "order_number":"\\u00c5sa 1", "note":"not documented" }, null, "s" ], "count": 7,'
        ' "carrier_slug" : "d\\u0070d"}'
    )
    proof = (
        '{"document_id":"AB12C3","document_url":"https:\\/\\/documents.example/proofs/1.pdf?s=1&e=%2F",'
        '"file_type":"application/pdf","proof_of_delivery_type":"signature","consignment_identifier":"2154321",'
        '"order_number":"order-12345","package_tracking_number":"JD014600003281234567",'
        '"package_reference":"ref-12345","carrier":"DHL","service_id":"DHL|Next Day"}'
    )
    mixed = '{"service_id": "DHL|Next Day" , "signed_by":"N. N.", "carrier":"DHL","document_id":"AB12C4"}'
    own = '{"z":1.10,"event_id":"AB12C3","payload_version":"1","\\u00e9":[ 1 ],"event_type":{},"data":{"event_id":7}}'

    def case(title, data, version="2024.1", pinned=None, published=None, event_type="tracking_update", before=()):
        """`version` is what the webhook gets; `pinned` what it asks for, `published` what the event says."""
        given = subject(event_type, data, version=published, payload_version=version)
        return (title, given, [WHSEC, *before], pinned)

    one = {"version": "2025.1", "pinned": "2025.1"}
    of_proof = {"version": "2025.1", "event_type": "proof_of_delivery"}
    unknown = {"event_type": "label.printed"}
    return [
        case("one package", trackings, published="2024.1"),
        case("one package, version 2025.1 pinned", trackings, **one),
        case("version 2024.1 pinned", trackings, pinned="2024.1"),
        case("the webhook decides on the version, not the event", trackings, **one, published="2024.1"),
        case("a webhook that pins nothing gets 2024.1, whatever the event says", trackings, published="2025.1"),
        case("documented members go out in their order, all others are dropped, values keep their bytes", odd),
        case("documented members go out in their order, in version 2025.1 too", odd, **one),
        case("three packages are counted, whatever count says",
             f'{{ "count": 7, "trackings": [ {parcel}, {{}}, {{"s":"],["}} ] , "carrier_slug": "dpd" }}'),
        case("no packages", '{"carrier_slug":"ups","trackings":[ ]}'),
        case("what the event hasn't is left out, and members further in aren't taken for it",
             '{"inner":{"carrier_slug":"no","trackings":[1]}}'),
        case("trackings that are no list count for nothing", '{"trackings":{"events":[]},"carrier_slug":null}', **one),
        case("a tracking's events that are no list stay as they are", '{"trackings":[{"events":{"status":"a"}}]}'),
        case("of members with one name the last counts", '{"carrier_slug":"a","trackings":[1],"trackings":[{},{}]}'),
        case("an event_id in the data is dropped", f'{{"event_id":"AB12C3",{trackings[1:]}'),
        case("data that is no object is a member of its own", '[ {"carrier_slug":"dhl"}, 1.10 ]'),
        case("text as data, version 2025.1 pinned", '"caf\\u00e9"', **one),
        case("a secret is rotated", trackings, before=[WHSEC_BEFORE]),
        case("proof of delivery is of version 2025.1, although nothing pins it",
             f'{{"payload":[{proof}]}}', **of_proof),
        case("proof of delivery, version 2025.1 pinned",
             f'{{ "payload": [ {mixed} , {proof}, {{}} ], "more": 1 }}', **of_proof, pinned="2025.1"),
        case("proof of delivery for a webhook that pins 2024.1, of which there is none",
             f'{{"payload":[{mixed}]}}', **of_proof, pinned="2024.1", published="2024.1"),
        case("proof of delivery without any", '{"event_id":1}', **of_proof),
        case("of an event it doesn't know all members go out",
             '{ "z": 1.10,\n"count" : 7, "s": "\\u00e9" }', **unknown),
        case("the envelope keeps its names to itself, where it has them", own, **unknown),
        case("an event it doesn't know, without members", "{ }", **unknown),
        case("an event it doesn't know, version 2025.1 pinned", own, **unknown, **one),
        case("an event it doesn't know has the version it was published in",
             "{}", "2026.1", published="2026.1", **unknown),
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
        ("an event it doesn't know has the fields of the last row",
         subject("warehouse.renamed", '{"WarehouseId":2,"OrderCode":"ORD-4711","Name":"North"}'), [TEXT]),
        ("what the event hasn't is null, and members further in aren't taken for it",
         subject("ticket.created", '{"Ticket":{"TicketId":9021},"ShopId":12,"ticketcode":"TCK-9021"}'), [TEXT]),
        ("data that is no object goes out as it is", subject("shipment.created", '[ "OrderId", 1.10 ]'), [TEXT]),
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


def vector(render, title, given, secrets, pinned=None):
    body, headers = render(given, secrets)
    json.loads(body)
    headers = {"content-type": "application/json", **headers}
    version = {} if pinned is None else {"version": pinned}
    return {"title": title, **version, "subject": given, "secrets": secrets, "body": body, "headers": headers}


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
