import { styleText } from 'node:util';
import type { DeliveryView } from '../../manage/delivery-view.ts';
import { type Check, deliveriesTo, type Outcome } from './outcome.ts';
import type { Received } from './receiver.ts';
import { WEBHOOKS } from './scenario.ts';

type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow';

const NAME_WIDTH = Math.max(...WEBHOOKS.map(({ name }) => name.length)) + 2;
const TYPE_WIDTH = 'order.driver_assigned'.length + 2;

/** Colours only where they are wanted: styleText heeds NO_COLOR, and whether this is a terminal. */
export function paint(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stdout });
}

export function say(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/** One line for one request the receiver got. */
export function showReceived(received: Received): void {
  const { webhook, type, attempt, status, refusal } = received;
  const style = status < 300 ? 'green' : status === 410 || status === 401 ? 'red' : 'yellow';
  const signature = refusal === undefined ? 'signature verified' : `signature refused: ${refusal}`;
  const columns = [
    paint('dim', timeOfDay(new Date())),
    webhook.padEnd(NAME_WIDTH) + type.padEnd(TYPE_WIDTH),
    `attempt ${attempt}`,
    paint(style, String(status)),
    refusal === undefined ? paint('dim', signature) : paint('red', signature),
  ];
  say(`  ${columns.join('  ')}`);
}

/** The table of webhooks, as Waybill knows them at the end. */
export function showSummary(outcome: Outcome): void {
  const head = ['WEBHOOK', 'WANTS', 'DELIVERED', 'FAILED', 'CANCELLED', 'ATTEMPTS', 'STATUS', 'HEALTH'];
  const rows = WEBHOOKS.map(({ name, events, channels = [] }) => {
    const deliveries = deliveriesTo(name, outcome);
    const count = (status: DeliveryView['status']) =>
      String(deliveries.filter((row) => row.status === status).length);
    const attempts = deliveries.reduce((sum, row) => sum + row.attemptCount, 0);
    const webhook = outcome.webhooks.get(name);
    const reason = webhook?.disabledReason ? `, ${webhook.disabledReason}` : '';
    const wants = [...events, ...channels.map((channel) => `in ${channel}`)].join(' ');
    const numbers = [count('delivered'), count('failed'), count('cancelled'), String(attempts)];
    return [name, wants, ...numbers, `${webhook?.status}${reason}`, `${webhook?.health}`];
  });
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `  ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd();
  say();
  say(paint('bold', line(head)));
  for (const row of rows) say(line(row));
}

/** What held and what didn't. */
export function showChecks(checks: readonly Check[]): void {
  say();
  for (const { fact, faults } of checks) {
    say(
      faults.length === 0
        ? `  ${paint('green', '✓')} ${fact}`
        : `  ${paint('red', '✗')} ${fact}. It is not so:`,
    );
    for (const fault of faults) say(`      ${fault}`);
  }
  say();
}

export interface WhereToLook {
  readonly url: string;
  readonly key: string;
  /** Makes its first reader the owner; undefined: there is one. */
  readonly ownerLink: string | undefined;
  /** The one that has the most to show first. */
  readonly accounts: readonly [string, string];
}

/** Where to look while the demo stays. */
export function showWhereToLook({ url, key, ownerLink, accounts: [account, other] }: WhereToLook): void {
  const authorization = `-H 'Authorization: Bearer ${key}'`;
  say(paint('bold', 'The dashboard, by a link that works once:'));
  say(`  ${ownerLink ?? url}`);
  say(`  The day is in the account ${account}, what came in above in ${other}.`);
  say();
  say(paint('bold', `The API listens on ${url}`));
  say(`  API key   ${key}`);
  say();
  say('  List the newest deliveries:');
  say(`    curl ${authorization} '${url}/v1/accounts/${other}/deliveries?limit=3'`);
  say('  Publish again, and see it arrive here:');
  say(`    curl ${authorization} ${url}/v1/accounts/${other}/events \\`);
  say(`      -H 'Content-Type: application/json' -d '{"type":"order.created","data":{"order_id":"12346"}}'`);
  say();
  say(paint('dim', 'Ctrl-C ends the demo and removes its data.'));
}

function timeOfDay(time: Date): string {
  return `${time.toTimeString().slice(0, 8)}.${String(time.getMilliseconds()).padStart(3, '0')}`;
}
