import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { type Command, Option } from 'commander';
import { Failure } from '../failure.ts';
import { postEvent } from '../post-event.ts';

interface Flags {
  readonly data?: string;
  readonly dataFile?: string;
  readonly subject?: string;
  readonly channel?: string;
  readonly idempotencyKey?: string;
  readonly url: string;
  readonly key?: string;
}

const HELP = `
Publishes one event to a running server and prints its answer: the event's id, and how many webhooks get it.
The data is any JSON, sent as it is written; without --data and --data-file it is read from standard input.

Examples:
  $ export WAYBILL_API_KEY=wbk_…
  $ waybill publish acme order.created --subject order/12345 --data '{"order_id":"12345"}'
  $ waybill publish acme order.created --data-file order.json --idempotency-key order-12345-created
  $ jq '.order' dump.json | waybill publish acme order.updated
`;

/** `waybill publish` */
export function addPublish(program: Command): void {
  program
    .command('publish')
    .description('publish an event to a running server')
    .argument('<account>', 'whose event it is')
    .argument('<type>', 'what happened, such as order.created')
    .addOption(new Option('--data <json>', 'the data').conflicts('dataFile'))
    .option('--data-file <path>', 'a file with the data; - is standard input')
    .option('--subject <text>', 'what it is about, such as order/12345')
    .option('--channel <text>', 'where in the account it comes from')
    .option('--idempotency-key <text>', 'publishing again under the same key sends nothing')
    .option('--url <url>', 'the server', `http://127.0.0.1:${process.env.WAYBILL_PORT || 4400}`)
    .addOption(
      new Option('--key <key>', 'the API key; the variable hides it from "ps"').env('WAYBILL_API_KEY'),
    )
    .addHelpText('after', HELP)
    .action((account: string, type: string, flags: Flags, command: Command) =>
      publish(account, type, flags, command),
    );
}

async function publish(account: string, type: string, flags: Flags, command: Command): Promise<void> {
  const { url, key, subject, channel, idempotencyKey } = flags;
  if (!URL.canParse(url) || !/^https?:/.test(url)) command.error(`error: --url must be a URL: ${url}`);
  if (!key) command.error('error: no API key: give --key, or set WAYBILL_API_KEY');
  const data = await readData(flags, command);
  const answer = await postEvent({ url, key, account }, { type, subject, channel, idempotencyKey }, data);
  process.stdout.write(`${answer}\n`);
}

async function readData(flags: Flags, command: Command): Promise<string> {
  if (flags.data !== undefined) return checkJson(flags.data);
  const { dataFile = '-' } = flags;
  if (dataFile === '-' && process.stdin.isTTY) {
    command.error('error: no data: give --data or --data-file, or pipe it in');
  }
  try {
    const bytes = dataFile === '-' ? await buffer(process.stdin) : await readFile(dataFile);
    // A byte order mark, which some editors write and JSON doesn't know, is left out.
    return checkJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    if (error instanceof Failure) throw error;
    const where = dataFile === '-' ? 'standard input' : dataFile;
    throw new Failure(
      `Cannot read ${where}: ${error instanceof Error ? error.message : String(error)}`,
      error,
    );
  }
}

function checkJson(data: string): string {
  if (data.trim() === '') throw new Failure('There is no data: it is empty.');
  try {
    JSON.parse(data);
    return data;
  } catch (error) {
    throw new Failure(
      `The data is not JSON: ${error instanceof Error ? error.message : String(error)}`,
      error,
    );
  }
}
