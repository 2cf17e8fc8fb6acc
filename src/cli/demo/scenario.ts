export const ACCOUNT = 'demo-shop';

/** A webhook of the demo, how its receiver answers, and what must come of it. */
export interface DemoWebhook {
  readonly name: string;
  readonly events: readonly string[];
  readonly channels?: readonly string[];
  /** Seconds before each retry. */
  readonly retrySchedule?: readonly number[];
  /** The statuses of the answers, in order; the last one stays. */
  readonly answers: readonly [number, ...number[]];
  /** The samples it must get, written out rather than worked out, so that the demo checks the matching too. */
  readonly wants: readonly string[];
  /** How each of them must end, and after how many attempts. */
  readonly ends: 'delivered' | 'gone';
  readonly attempts: number;
}

/** Real events of five systems, in `catalogs/SYSTEM/samples/TYPE.json`, in the order they are published. */
export const SAMPLES = [
  'scrollengine/order.created',
  'nshift/order.created',
  'nshift/shipment.created',
  'shopctrl/order.changed',
  'velourcity/order.driver_assigned',
  'scrollengine/order.delivered',
  'scurri/tracking_update',
] as const;

export const WEBHOOKS: readonly DemoWebhook[] = [
  {
    name: 'ERP',
    events: ['order.*'],
    answers: [200],
    wants: SAMPLES.filter((sample) => sample.includes('/order.')),
    ends: 'delivered',
    attempts: 1,
  },
  {
    name: 'Data warehouse',
    events: ['*'],
    answers: [200],
    wants: SAMPLES,
    ends: 'delivered',
    attempts: 1,
  },
  {
    name: 'Swedish shop',
    events: ['*'],
    channels: ['webshop-se'],
    answers: [200],
    wants: ['nshift/order.created', 'nshift/shipment.created'],
    ends: 'delivered',
    attempts: 1,
  },
  {
    name: 'Shaky SMS service',
    events: ['order.delivered'],
    retrySchedule: [1, 1],
    answers: [500, 503, 200],
    wants: ['scrollengine/order.delivered'],
    ends: 'delivered',
    attempts: 3,
  },
  {
    name: 'Retired planner',
    events: ['order.driver_assigned'],
    answers: [410],
    wants: ['velourcity/order.driver_assigned'],
    ends: 'gone',
    attempts: 1,
  },
];
