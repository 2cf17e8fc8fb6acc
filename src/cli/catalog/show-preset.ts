import { durationWords } from '../../catalog/describe/duration-words.ts';
import { templateText } from '../../catalog/describe/template-pattern.ts';
import { type Preset, payloadVersionsOf } from '../../catalog/preset.ts';
import { profileText, type WireFormat, wireFormatOf } from './find-preset.ts';
import { versionsText } from './list.ts';
import { columns, counted, heading, indented, say } from './print.ts';

type Signature = WireFormat['signatures'][number];
type BodyField = Exclude<WireFormat['body'], string>[number];

/** What the references of an envelope stand for. */
const MEANINGS: Readonly<Record<string, string>> = {
  'event.id': "the event's id",
  'event.type': "the event's type",
  'event.time': 'when it happened, in UTC',
  'event.timestamp': 'when it happened, in seconds since 1970',
  'event.subject': 'what the event is about',
  'event.channel': 'where in the account the event comes from',
  'event.version': 'the version the event was published in',
  'event.data': 'the data, as it was published',
  'event.payload': 'the payload, made of the data',
  'payload.version': 'the version of the payload',
  'delivery.id': "the delivery's id",
  'attempt.number': 'the number of the attempt',
  'attempt.timestamp': 'when the request was made, in seconds since 1970',
  'webhook.id': "the webhook's id",
};
const KEYS = {
  text: 'the secret as it is, in UTF-8',
  whsec: 'the bytes whose base64 stands behind whsec_ in the secret',
  whsk: 'a private key, behind whsk_; receivers have the public one',
} as const;
const CONSEQUENCES = {
  mark: 'the webhook is marked as failing',
  alert: 'its owner is told',
  disable: 'the webhook is disabled',
} as const;

/** A preset, for programs. */
export function presetJson(preset: Preset) {
  const { name, title, description, payloadVersion, policies, eventTypes } = preset;
  return {
    name,
    title,
    description,
    profile: JSON.parse(JSON.stringify(wireFormatOf(preset), asWritten)),
    payloadVersion,
    payloadVersions: payloadVersionsOf(preset),
    filters: preset.filters,
    policies,
    eventTypes: [...eventTypes.keys()],
  };
}

/** Templates as text again, and without what was made ready for sending. */
function asWritten(key: string, value: unknown): unknown {
  if (key === 'prefix') return undefined;
  const isTemplate = typeof value === 'object' && value !== null && 'parts' in value;
  return isTemplate ? templateText(value as Signature['content']) : value;
}

/** A preset, for people. */
export function showPreset(preset: Preset): void {
  const format = wireFormatOf(preset);
  say(heading(`${preset.name}: ${preset.title}`));
  say(preset.description);
  section('Body', bodyLines(format));
  section('Batches', batchLines(format));
  section('Headers', headerLines(format));
  for (const signature of format.signatures)
    section(`Signature in ${signature.header}`, signatureLines(signature));
  if (format.signatures.length === 0) section('Signature', ['None: requests are not signed.']);
  section('Delivery', deliveryLines(format));
  if (preset.filters.length > 0) section('Filters', filterLines(preset));
  section('Catalog', catalogLines(preset));
}

function section(title: string, lines: readonly string[]): void {
  say();
  say(heading(title));
  for (const line of indented(lines)) say(line);
}

function bodyLines({ body }: WireFormat): string[] {
  if (typeof body === 'string') return ['The data alone, byte for byte as it was published.'];
  return columns(body.map(bodyRow));
}

function batchLines({ batch }: WireFormat): string[] {
  if (batch === 'array') return ['An array of such bodies, for webhooks that want several events at once.'];
  const of = batch.by ? `, of events with one ${batch.by.join('.')}` : '';
  return [`One body whose ${batch.join.join(', ')} have the items of all events${of}.`];
}

function bodyRow(field: BodyField): string[] {
  if ('spread' in field) return ['…', `the members of ${meaningOf(field.spread)}`];
  const { name, value } = field;
  if (typeof value === 'string') return [name, meaningOf(value)];
  return [name, 'const' in value ? JSON.stringify(value.const) : `how many items ${value.count} has`];
}

function meaningOf(reference: string): string {
  return MEANINGS[reference] ?? `${reference.replace('event.data.', '')} of the data`;
}

function headerLines({ headers, userAgent }: WireFormat): string[] {
  const own = Object.entries(headers).map(([name, template]) => [name, templateText(template)]);
  return columns([
    ['Content-Type', 'application/json'],
    ['User-Agent', userAgent ?? 'Waybill/VERSION'],
    ...own,
  ]);
}

function signatureLines({
  algorithm,
  encoding,
  key,
  content,
  each,
  value,
  secrets,
  separator,
}: Signature): string[] {
  const several = `one for each secret while one is being replaced, ${JSON.stringify(separator)} in between`;
  return columns([
    ['value', templateText(value)],
    ['each signature', templateText(each)],
    ['made by', `${algorithm} in ${encoding}, of ${templateText(content)}`],
    ['key', KEYS[key]],
    ['secrets', secrets === 'all' ? several : 'the newest one signs'],
  ]);
}

function deliveryLines({ success, retry, failing, httpsOnly }: WireFormat): string[] {
  const waits = retry?.schedule.map(durationWords);
  const times = waits?.length === 0 ? 'none' : `after ${waits?.join(', ')}`;
  const after = failing.after === 1 ? 'a delivery is' : `${failing.after} deliveries in a row are`;
  const consequences = failing.actions.map((action) => CONSEQUENCES[action]).join(', ') || 'nothing';
  return columns([
    ['URLs', httpsOnly ? 'https only' : 'https; http where the server allows it'],
    ['success', success === '2xx' ? 'any 2xx status' : `the status ${success.join(' or ')}`],
    ['retries', waits ? times : "Waybill's usual schedule"],
    ['failing', `when ${after} given up: ${consequences}`],
  ]);
}

function filterLines({ filters }: Preset): string[] {
  return columns(
    filters.map(({ name, title, field, values }) => {
      return [name, `${title}: ${field} of the data${values ? `, of ${values.join(', ')}` : ''}`];
    }),
  );
}

function catalogLines(preset: Preset): string[] {
  const { eventTypes, policies, payloadVersion } = preset;
  const versions = versionsText(payloadVersionsOf(preset), payloadVersion);
  return columns([
    ['wire format', profileText(preset)],
    ['event types', counted(eventTypes.size, 'event type')],
    ['payload versions', versions || 'one form of each payload'],
    ['breaks its schema', policies.validation],
    ['is not in it', policies.unknownTypes],
  ]);
}
