import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { builtInPresets } from '../../catalog/built-in.ts';
import type { EventInput } from '../../publish/event.ts';

export const ACCOUNT = 'demo-shop';

const SCENARIO = new URL('../../../catalogs/demo.json', import.meta.url);

/** `PRESET/TYPE`: the sample of an event type of a preset that comes along. */
const sample = z.string().regex(/^[^/]+\/[^/]+$/);

const webhookSchema = z.strictObject({
  name: z.string(),
  events: z.array(z.string()),
  channels: z.array(z.string()).optional(),
  /** Seconds before each retry. */
  retrySchedule: z.array(z.int()).optional(),
  /** The statuses its receiver answers with, in order; the last one stays. */
  answers: z.tuple([z.int()], z.int()),
  /** The samples it must get, written out rather than worked out, so that the demo checks the matching too. */
  wants: z.array(sample),
  /** How each of them must end, and after how many attempts. */
  ends: z.enum(['delivered', 'gone']),
  attempts: z.int(),
});

const scenarioSchema = z.strictObject({
  /** In the order they are published. */
  events: z.array(
    z.strictObject({
      sample,
      subject: z.string(),
      channel: z.string().optional(),
      occurredAt: z.iso.datetime(),
    }),
  ),
  webhooks: z.array(webhookSchema),
});

/** A webhook of the demo, how its receiver answers, and what must come of it. */
export type DemoWebhook = z.output<typeof webhookSchema>;

const scenario = scenarioSchema.parse(JSON.parse(readFileSync(SCENARIO, 'utf8')));

/** Real events of the presets that come along. */
export const SAMPLES: readonly { readonly sample: string; readonly event: EventInput }[] =
  scenario.events.map(({ sample: name, ...rest }) => {
    const [preset = '', type = ''] = name.split('/');
    const data = builtInPresets().get(preset)?.eventTypes.get(type)?.sample;
    return { sample: name, event: { type, data, ...rest } };
  });

export const WEBHOOKS: readonly DemoWebhook[] = scenario.webhooks;
