/** The data of a realistic event, about 400 bytes of JSON: what a platform says of an order that was shipped. */
export function orderData(number: number): string {
  return JSON.stringify({
    order_id: `ord_${String(number).padStart(10, '0')}`,
    status: 'shipped',
    currency: 'EUR',
    total: '129.90',
    customer: { id: 'cus_48213', email: 'ada@example.com', country: 'DE' },
    lines: [
      { sku: 'TSHIRT-RED-M', quantity: 2, unit_price: '24.95' },
      { sku: 'MUG-WHITE', quantity: 1, unit_price: '80.00' },
    ],
    shipment: { carrier: 'DHL', tracking_number: '00340434161094042557', shipped_at: '2026-03-13T14:30:00Z' },
  });
}

/** The type of the events the `index`th webhook wants. */
export function eventType(index: number): string {
  return `bench.type${String(index).padStart(2, '0')}`;
}
