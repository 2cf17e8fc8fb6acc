import type { Limits } from '../config.ts';
import { invalid } from '../errors.ts';
import { itemSpans, memberSpans, type Span } from '../json-source.ts';
import { type CheckedEvent, checkBatchSize, checkEvent, collectChecked } from './event.ts';

/** What a publish request holds. */
export interface PublishBody {
  readonly events: readonly CheckedEvent[];
  /** Whether it was `{"events": [ … ]}`, and is answered in kind. */
  readonly many: boolean;
  readonly idempotencyKey: string | null;
}

/**
 * Reads one event or `{"events": [ … ]}` from JSON, with the data of each as the bytes it was sent as.
 *
 * @param key the Idempotency-Key header; for a single event it is the event's key
 * @throws WaybillError `validation_failed`, `batch_too_large`, `payload_too_large`
 */
export function readPublishBody(
  json: { readonly text: string; readonly value: unknown },
  key: string | null,
  limits: Limits,
): PublishBody {
  const { text, value } = json;
  const whole: Span = [0, text.length];
  if (!isObject(value))
    throw invalid([{ path: '', code: 'wrong_type', message: 'must be an event, or {"events": [ … ]}' }]);
  if (!Object.hasOwn(value, 'events')) {
    const events = collectChecked([value], () => checkEvent(value, dataText(text, whole), '', limits));
    return { events: withKey(events, key), many: false, idempotencyKey: null };
  }
  const { events: items, ...others } = value;
  if (!Array.isArray(items))
    throw invalid([{ path: 'events', code: 'wrong_type', message: 'must be an array' }]);
  const unknown = Object.keys(others).map((name) => ({
    path: name.slice(0, 100),
    code: 'unknown_field',
    message: 'is not a known field beside events',
  }));
  if (unknown.length > 0) throw invalid(unknown);
  checkBatchSize(items.length, limits);
  const spans = itemSpans(text, memberSpans(text, whole).get('events') as Span);
  const events = collectChecked(items, (item, index) => {
    const data = isObject(item) ? dataText(text, spans[index] as Span) : undefined;
    return checkEvent(item, data, `events[${index}]`, limits);
  });
  const twice = key === null ? -1 : events.findIndex((event) => event.idempotencyKey === key);
  if (twice >= 0) {
    const path = `events[${twice}].idempotencyKey`;
    throw invalid([{ path, code: 'not_allowed', message: 'is the key of the whole request' }]);
  }
  return { events, many: true, idempotencyKey: key };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function dataText(text: string, span: Span): string | undefined {
  const data = memberSpans(text, span).get('data');
  return data && text.slice(...data);
}

/** @throws WaybillError `validation_failed` if the header and the event name different keys */
function withKey(events: readonly CheckedEvent[], key: string | null): CheckedEvent[] {
  return events.map((event) => {
    if (key !== null && event.idempotencyKey !== null && event.idempotencyKey !== key) {
      throw invalid([
        { path: 'idempotencyKey', code: 'not_allowed', message: 'differs from the Idempotency-Key header' },
      ]);
    }
    return { ...event, idempotencyKey: event.idempotencyKey ?? key };
  });
}
