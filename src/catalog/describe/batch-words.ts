import type { BodyField, WireFormat } from '../../profile/profile.ts';
import type { Template } from '../../profile/template.ts';
import { enumerated } from './duration-words.ts';

/** What a request of several events looks like, where the description of each type has one of a single event. */
export function batchWords(format: WireFormat): string {
  return [
    'A webhook can be set up to get several events of one type in one request. Then a single event comes in the same form.',
    bodyWords(format),
    idWords(format),
  ]
    .filter((words) => words !== '')
    .join(' ');
}

function bodyWords({ batch, body }: WireFormat): string {
  if (batch === 'array') {
    return 'The body is an array, with what is described here for each event, in the order they were published.';
  }
  const lists = enumerated(batch.join.map(code));
  const alike = batch.by === undefined ? '' : ` Its events have one value of ${code(batch.by.join('.'))}.`;
  const counts =
    body === 'event.data' ? [] : body.flatMap((field) => (isCount(field) ? [code(field.name)] : []));
  const counted =
    counts.length === 0
      ? ''
      : ` ${enumerated(counts)} ${counts.length === 1 ? 'counts' : 'count'} all of them.`;
  return (
    `The body is as described here, with the items of all events in ${lists}, as far as they have these.${counted} All else ` +
    `is that of the first event.${alike} An event without such a list comes alone.`
  );
}

function isCount(field: BodyField): field is Extract<BodyField, { name: string }> {
  return 'name' in field && typeof field.value !== 'string' && 'count' in field.value;
}

function idWords({ headers }: WireFormat): string {
  const named = Object.entries(headers)
    .filter(([, template]) => namesEvent(template))
    .map(([name]) => code(name));
  if (named.length === 0) return '';
  return `${enumerated(named)} then ${named.length === 1 ? 'names' : 'name'} the batch, the same in every attempt.`;
}

function namesEvent({ parts }: Template): boolean {
  return parts.some(({ reference }) => reference === 'event.id' || reference === 'delivery.id');
}

function code(text: string): string {
  return `\`${text}\``;
}
