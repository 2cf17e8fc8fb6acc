import { STATUS_CODES } from 'node:http';
import type { WireFormat } from '../../profile/profile.ts';
import type { Described } from './described.ts';
import { durationWords, enumerated } from './duration-words.ts';

const CONSEQUENCES = {
  mark: 'the webhook is marked as failing',
  alert: 'the owner of the webhook is told',
  disable: 'the webhook is disabled',
} as const;

/** What a receiver should answer, and what comes of any other answer. */
export function answerWords(described: Described): string {
  return [
    `Answer with ${successWords(described.format)} once the request is safe with you, and work on it afterwards. ` +
      'Every other answer is a failure, and so is none in time. Redirects are not followed.',
    [retryWords(described), failingWords(described)].filter((words) => words !== '').join(' '),
    'A 410 disables the webhook at once. On a 429 or 503, `Retry-After` says when to try again, within a day.',
  ].join('\n\n');
}

/** When a failed request is sent again. */
export function retryWords({ format, retrySchedule }: Pick<Described, 'format' | 'retrySchedule'>): string {
  const schedule = format.retry?.schedule ?? retrySchedule;
  if (schedule.length === 0) return 'A failed request is not repeated.';
  const times = schedule.length === 1 ? 'once' : `up to ${schedule.length} times`;
  const about = format.retry ? '' : 'about ';
  const waits = enumerated(schedule.map(durationWords));
  const each = schedule.length === 1 ? '' : ', each counted from the attempt before';
  return `A failed request is repeated ${times}, after ${about}${waits}${each}. A webhook may have a schedule of its own.`;
}

/** What becomes of the webhook when no attempt is left. */
function failingWords({ format }: Described): string {
  const { after, actions } = format.failing;
  if (actions.length === 0) return '';
  const consequences = enumerated(actions.map((one) => CONSEQUENCES[one]));
  const when =
    after === 1
      ? 'When the last attempt has failed'
      : `When ${after} deliveries in a row have failed for good`;
  return `${when}, ${consequences}.`;
}

function successWords({ success }: WireFormat): string {
  if (success === '2xx') return 'any 2xx status';
  return enumerated(success.map(statusWords), 'or');
}

function statusWords(status: number): string {
  return `${status} ${STATUS_CODES[status] ?? ''}`.trimEnd();
}
