import type { Catalogs } from '../catalog/catalogs.ts';
import type { EventType } from '../catalog/event-type.ts';
import { compileSelection, passes } from '../condition/chosen-filters.ts';
import type { Condition } from '../condition/condition.ts';
import { invalid } from '../errors.ts';
import { EVENT_TYPE, matchesPattern } from '../event-pattern.ts';
import { toWireId } from '../ids.ts';
import { checkSamples, checkWithoutSample, type SampleProblem } from '../payload/check-samples.ts';
import type { PayloadSource, PayloadTemplate } from '../payload/payload.ts';
import type { WebhookSettings } from '../store/webhooks.ts';
import { FALLBACK_DATA, FALLBACK_TYPE } from './test-event.ts';

/** Samples a template is rendered from when it is saved. */
const MAX_SAMPLES = 20;
const SAMPLE_ID = toWireId('evt', '00000000-0000-7000-8000-000000000000');

/** A sample of a type, and how to speak of it. */
interface TypeSample extends PayloadSource {
  readonly words: string;
}

/**
 * Renders a webhook's template from samples of the events it wants. Where no sample is known, it is rendered from data
 * nobody publishes, and refused only for what no data can mend.
 *
 * @param accountPreset whose event types the account sees
 * @throws WaybillError `validation_failed`, with the event type and the place in the template
 */
export function checkTemplate(
  catalogs: Catalogs,
  accountPreset: string | null,
  settings: WebhookSettings,
  nowMs: number,
): void {
  const payload = settings.payload as PayloadTemplate | null;
  if (payload === null) return;
  const samples = samplesFor(catalogs, accountPreset, settings, nowMs);
  const problem =
    samples.length > 0
      ? checkSamples(payload, samples)
      : checkWithoutSample(payload, madeUpSample(settings, nowMs));
  if (problem !== undefined) throw refused(problem);
}

function refused({ error, sample }: SampleProblem<TypeSample>): Error {
  const { code, message, line, column, params: said } = error;
  const place = line === null ? '' : `line ${line}, column ${column}, `;
  const params = { ...said, message, ...(line !== null && column !== null && { line, column }) };
  const told = `${message} (${place}with ${sample.words})`;
  return invalid([{ path: 'payload.template', code, message: told, params }]);
}

/** Of the types it wants, as far as filters and condition let their samples through; of many, some from all over. */
function samplesFor(
  catalogs: Catalogs,
  accountPreset: string | null,
  settings: WebhookSettings,
  nowMs: number,
): TypeSample[] {
  const sent = catalogs.typesSentBy(settings.profile);
  const names = new Set(sent.map(({ name }) => name));
  const others = catalogs.typesInUse(accountPreset).filter(({ name }) => !names.has(name));
  const wants = wantsOf(settings, nowMs);
  return spread([...sent, ...others].filter(wants), MAX_SAMPLES).map(({ name, sample }) => {
    return sourceOf(name, JSON.stringify(sample), nowMs, `the sample of ${name}`);
  });
}

function wantsOf(settings: WebhookSettings, nowMs: number): (type: EventType) => boolean {
  const { events, filters } = settings;
  const selection = compileSelection({ filters, condition: settings.condition as Condition | null });
  return ({ name, sample }) =>
    sample !== undefined &&
    events.some((pattern) => matchesPattern(pattern, name)) &&
    passes(selection, sample, nowMs);
}

/** What a test event would be. */
function madeUpSample({ events }: WebhookSettings, nowMs: number): TypeSample {
  const type = events.find((pattern) => EVENT_TYPE.test(pattern)) ?? FALLBACK_TYPE;
  return sourceOf(type, FALLBACK_DATA, nowMs, `an event ${type} whose data is ${FALLBACK_DATA}`);
}

function sourceOf(type: string, data: string, nowMs: number, words: string): TypeSample {
  const time = new Date(nowMs).toISOString();
  const event = { id: SAMPLE_ID, type, time, subject: null, channel: null, version: null };
  return { data, event, words };
}

/** So many of a list, at equal distances. */
function spread<T>(list: readonly T[], max: number): T[] {
  if (list.length <= max) return [...list];
  return Array.from({ length: max }, (_, index) => list[Math.floor((index * list.length) / max)] as T);
}
