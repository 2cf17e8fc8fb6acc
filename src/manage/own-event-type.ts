import { ownTypeComplaints } from '../catalog/check-event-type.ts';
import { MAX_DOCUMENT_CHARS } from '../catalog/document.ts';
import { createOwnEventType, type EventType } from '../catalog/event-type.ts';
import { type Complaint, complaintsOf, pathText } from '../catalog/flaws.ts';
import { eventTypeFileSchema } from '../catalog/preset-file.ts';
import { invalid, WaybillError } from '../errors.ts';

/** An event type of the platform's own, and what it was made from. */
export interface ReadType {
  readonly source: Readonly<Record<string, unknown>>;
  readonly type: EventType;
}

/**
 * @param input what the type is; its name may be left out
 * @param preset which it belongs to; null: that of the instance
 * @throws WaybillError `validation_failed`, with everything that is wrong
 */
export function readOwnType(name: string, input: unknown, preset: string | null): ReadType {
  const source = sourceOf(name, input);
  return { source, type: checkedType(source, preset) };
}

const TOO_LONG: Complaint = {
  path: [],
  message: `the event type is longer than ${MAX_DOCUMENT_CHARS} characters [document_too_large]`,
};

/** @throws WaybillError `validation_failed` for what names itself otherwise */
function sourceOf(name: string, input: unknown): Record<string, unknown> {
  const given = input as Record<string, unknown>;
  if (given.name !== undefined && given.name !== name) {
    throw invalid([{ path: 'name', code: 'not_allowed', message: `must be ${name}, as in the path` }]);
  }
  return { ...given, name };
}

function checkedType(source: Record<string, unknown>, preset: string | null): EventType {
  if (JSON.stringify(source).length > MAX_DOCUMENT_CHARS) throw refused([TOO_LONG]);
  const parsed = eventTypeFileSchema.safeParse(source);
  if (!parsed.success) throw refused(complaintsOf(parsed.error.issues));
  const type = createOwnEventType(parsed.data, source, preset);
  const complaints = ownTypeComplaints(type);
  if (complaints.length > 0) throw refused(complaints);
  return type;
}

function refused(complaints: readonly Complaint[]): WaybillError {
  const errors = complaints.map(({ path, message }) => ({ path: pathText(path), code: 'invalid', message }));
  const [first] = errors;
  return new WaybillError('validation_failed', 400, `${first?.path}: ${first?.message}`, { errors });
}
