import { type Template, toValueSync } from 'liquidjs';
import { BodyText, type BodyWriter } from './body.ts';
import { Budget, processorTimeMs } from './budget.ts';
import { PayloadContext, type Scope } from './context.ts';
import { isRecord, parseData } from './data.ts';
import { BodyEmitter } from './emitter.ts';
import { createEngine } from './engine.ts';
import { type PayloadError, PayloadFailure, toPayloadError } from './failure.ts';
import { JsonWriter } from './json-writer.ts';
import { PAYLOAD_LIMITS, type PayloadLimits } from './limits.ts';
import { parseTemplate } from './parser.ts';
import { PlainWriter } from './plain-writer.ts';
import { doctype, XmlWriter } from './xml-writer.ts';

export const MIME_TYPES = ['application/json', 'application/xml', 'text/plain'] as const;
export type MimeType = (typeof MIME_TYPES)[number];

/** What the body of a webhook is made of. */
export interface PayloadTemplate {
  readonly mimeType: MimeType;
  /** Liquid, with merge fields. */
  readonly template: string;
}

/** A template that has been checked and can be rendered any number of times. */
export interface CompiledPayload extends PayloadTemplate {
  readonly templates: readonly Template[];
}

/** What a template is filled from. */
export interface PayloadSource {
  /** The event's data, as JSON text. */
  readonly data: string;
  /** What else is known of the event: its id, type, time, subject, channel and version. */
  readonly event: Readonly<Record<string, string | number | boolean | null>>;
}

export type Rendered = { readonly body: string } | { readonly error: PayloadError };

export interface RenderOptions {
  readonly limits?: Partial<PayloadLimits>;
  /** Milliseconds of a clock that never goes back. Default: the processor time of this thread. */
  readonly now?: () => number;
}

const engine = createEngine();

const MAX_ERRORS = 20;

/**
 * Reads a template and checks all that can be known before there is an event.
 *
 * @returns what can be rendered, or what is wrong with it, up to twenty errors
 */
export function compilePayload(
  { mimeType, template }: PayloadTemplate,
  limits: Partial<PayloadLimits> = {},
): CompiledPayload | { readonly errors: readonly PayloadError[] } {
  const { templateBytes, nesting } = { ...PAYLOAD_LIMITS, ...limits };
  if (Buffer.byteLength(template) > templateBytes) {
    const message = `The template is larger than ${templateBytes} bytes.`;
    const params = { most: templateBytes };
    return { errors: [{ code: 'template_too_large', message, params, line: null, column: null }] };
  }
  const parsed = parseTemplate(template, engine, nesting);
  const failures = 'failures' in parsed ? [...parsed.failures] : [];
  const doctypeAt = mimeType === 'application/xml' ? template.search(/<!DOCTYPE/i) : -1;
  if (doctypeAt >= 0) failures.push(doctype(doctypeAt));
  if ('templates' in parsed && failures.length === 0) {
    return { mimeType, template, templates: parsed.templates };
  }
  return { errors: failures.slice(0, MAX_ERRORS).map((failure) => toPayloadError(failure, template)) };
}

/**
 * Renders a template into the body of a request. The same template and source always give the same body.
 *
 * @returns the body, valid for its MIME type, or what is wrong and where in the template
 */
export function renderPayload(
  { mimeType, template, templates }: CompiledPayload,
  source: PayloadSource,
  { limits, now = processorTimeMs }: RenderOptions = {},
): Rendered {
  const all = { ...PAYLOAD_LIMITS, ...limits };
  try {
    const data = readData(source.data);
    const budget = new Budget(all, now);
    const writer = createWriter(mimeType, new BodyText(all.bodyBytes), budget);
    const context = new PayloadContext(engine, createScope(data, source.event), data, budget);
    toValueSync(engine.renderer.renderTemplates([...templates], context, new BodyEmitter(writer)));
    return { body: writer.end(template.length) };
  } catch (error) {
    if (error instanceof PayloadFailure) return { error: toPayloadError(error, template) };
    throw error;
  }
}

/**
 * Checks whether a template can be read.
 *
 * @returns what is wrong; empty: nothing
 */
export function checkPayload(payload: PayloadTemplate): readonly PayloadError[] {
  const compiled = compilePayload(payload);
  return 'errors' in compiled ? compiled.errors : [];
}

function createWriter(mimeType: MimeType, body: BodyText, budget: Budget): BodyWriter {
  if (mimeType === 'application/json') return new JsonWriter(body, budget);
  return mimeType === 'application/xml' ? new XmlWriter(body, budget) : new PlainWriter(body, budget);
}

function readData(text: string): unknown {
  try {
    return parseData(text);
  } catch {
    throw new PayloadFailure('data_malformed', "The event's data isn't JSON, or is nested too deep.");
  }
}

/** A member `event` of the data hides the event, which is always there as `waybill.event`. */
function createScope(data: unknown, event: PayloadSource['event']): Scope {
  const scope: Record<string, unknown> = Object.create(null);
  scope.event = event;
  if (isRecord(data)) Object.assign(scope, data);
  scope.waybill = { event, data };
  return scope;
}
