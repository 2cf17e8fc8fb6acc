import { execFile, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { payloadSchema, projectPayload } from '../../src/profile/payload-fields.ts';
import type { ApiClient } from '../support/api-client.ts';
import { createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { serveEnvironment, startProcess, startServe } from '../support/process.ts';
import { startReceiver } from '../support/receiver.ts';
import { PLATFORM_KEY, startTestWaybill } from '../support/waybill.ts';

// What the guides tell a reader to do is done here: their commands in a shell, one after the other, and what comes
// of them compared with what they show.

const root = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const MAIN = root('src/cli/main.ts');
const EXAMPLE = root('examples/own-preset/acme.json');
const SECRET = 'a-shared-secret';
/** As the guides write them. */
const SERVER = 'http://127.0.0.1:4400';
const RECEIVER = 'http://127.0.0.1:4500';
const KEY = 'my-first-key-0123456789';
/** A guide has a dozen programs started, one after the other. */
const GUIDE_TIMEOUT_MS = 180_000;
const canRun = ['bash', 'curl', 'openssl'].every(
  (name) => spawnSync(name, ['--version']).error === undefined,
);
const MISSING = canRun ? '' : ' (skipped: bash, curl or openssl is not installed here)';

interface Block {
  /** `sh`, `json`; empty for what is printed. */
  readonly language: string;
  readonly text: string;
}

interface Step {
  readonly commands: string;
  /** What the guide shows that they print; undefined: it doesn't. */
  readonly shown: string | undefined;
}

function blocksOf(guide: string): Block[] {
  const markdown = readFileSync(root(`docs/guides/${guide}`), 'utf8');
  const fences = markdown.matchAll(/```(\w*)\n(.*?)```/gs);
  return [...fences].map(([, language = '', text = '']) => ({ language, text }));
}

/** All that a reader types, but for what runs on and on in a terminal of its own. */
function stepsOf(guide: string): Step[] {
  const blocks = blocksOf(guide);
  return blocks.flatMap(({ language, text }, index) => {
    if (language !== 'sh' || isLasting(text)) return [];
    const next = blocks[index + 1];
    return { commands: text, shown: next?.language === '' && !isReceived(next.text) ? next.text : undefined };
  });
}

const isLasting = (commands: string): boolean => /waybill serve|receiver\.mjs/.test(commands);
const isReceived = (text: string): boolean => text.startsWith('X-Acme-Signature');

/** What a reader has before them: a folder with the examples, and the command `waybill`. */
function makeDesk(): string {
  const desk = mkdtempSync(join(tmpdir(), 'waybill-guide-'));
  onTestFinished(() => rmSync(desk, { recursive: true, force: true }));
  cpSync(EXAMPLE, join(desk, 'acme.json'));
  writeFileSync(join(desk, 'waybill'), `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`);
  chmodSync(join(desk, 'waybill'), 0o755);
  return desk;
}

/** A shell in which a guide's addresses lead to the servers of a test, and an id (`evt_…`) is the last one seen. */
class Shell {
  readonly #desk: string;
  readonly #places: Map<string, string>;

  /** @param places what of the guide's commands stands for what here, such as addresses */
  constructor(desk: string, places: Readonly<Record<string, string>>) {
    this.#desk = desk;
    this.#places = new Map(Object.entries(places));
  }

  place(shown: string, real: string): void {
    this.#places.set(shown, real);
  }

  /** @returns what the commands print, to standard output and standard error alike */
  async run(commands: string): Promise<string> {
    let script = commands;
    for (const [shown, real] of this.#places) script = script.replaceAll(shown, real);
    const env = {
      PATH: `${this.#desk}:${process.env.PATH}`,
      WAYBILL_PORT: new URL(this.#places.get(SERVER) ?? '').port,
    };
    const printed = await new Promise<string>((resolve) => {
      const options = { cwd: this.#desk, env: { ...env, WAYBILL_API_KEY: PLATFORM_KEY } };
      execFile('bash', ['-c', `exec 2>&1\n${script}`], options, (_error, stdout) => resolve(stdout));
    });
    for (const [id, prefix] of printed.matchAll(/\b([a-z]+)_[0-9a-f]{32}\b/g)) this.place(`${prefix}_…`, id);
    return printed;
  }

  /** Runs them, and compares what they print with what is shown. What only asks may have to ask again. */
  async follow({ commands, shown }: Step): Promise<void> {
    const look = async (): Promise<true> => {
      const printed = await this.run(commands);
      if (shown !== undefined) expect(printed).toMatch(patternOf(shown));
      return true;
    };
    await (/ -X | -d |waybill /.test(commands) ? look() : eventually(look));
  }
}

/** `…` stands for any part; where one answer ends and the next begins, there may be no line break. */
function patternOf(shown: string): RegExp {
  const escaped = shown.trim().replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(`^\\s*${escaped.replaceAll('\n', '\\s*').replaceAll('…', '[^]*?')}\\s*$`);
}

const hmac = (time: string, body: string): string =>
  createHmac('sha256', SECRET).update(`${time}.${body}`).digest('hex');

/** What the receiver of the guide has printed: of each request the time that was signed, the signature, the body. */
function receivedIn(output: string) {
  const lines = output.matchAll(/^X-Acme-Signature: t=(\d+),s=([0-9a-f]+)\n(.*)$/gm);
  return [...lines].map(([, time = '', signature = '', body = '']) => ({ time, signature, body }));
}

/** The body with the id of the event as the guide writes it. */
const asShown = (body: string): string =>
  body.replace(/evt_[0-9a-f]{32}/, 'evt_0195f1a2b3c47d5e8f60718293a4b5c6');

describe('docs/guides/your-own-preset.md', () => {
  it('shows the file that is in the examples', () => {
    const [first] = blocksOf('your-own-preset.md');
    expect(first).toEqual({ language: 'json', text: readFileSync(EXAMPLE, 'utf8') });
  });

  it('shows a request whose signature is right', () => {
    const shown = blocksOf('your-own-preset.md').find(({ text }) => isReceived(text));
    const [request] = receivedIn(shown?.text ?? '');
    expect(request?.signature).toBe(hmac(request?.time ?? '', request?.body ?? ''));
  });

  it.runIf(canRun)(
    `does what it says, from the first command to the last${MISSING}`,
    { timeout: GUIDE_TIMEOUT_MS },
    async () => {
      const desk = makeDesk();
      const blocks = blocksOf('your-own-preset.md');
      const [serve, receive] = blocks.filter(({ text }) => isLasting(text)).map(({ text }) => text.trim());
      expect(serve).toMatch(/ waybill serve --preset \.\/acme\.json$/);
      expect(receive).toBe('node examples/own-preset/receiver.mjs 4500 received.json');

      const environment = serveEnvironment(await createTestDatabase('postgres'));
      const server = startProcess([MAIN, 'serve', '--preset', join(desk, 'acme.json')], environment);
      const receiver = startProcess(
        [root('examples/own-preset/receiver.mjs'), '0', join(desk, 'received.json')],
        {},
      );
      const addressIn = (output: string) => /listen(?:s|ing) on (http:\S+?)\/?\n/.exec(output)?.[1];
      const url = await eventually(() => addressIn(server.output()), 30_000);
      const receiverUrl = await eventually(() => addressIn(receiver.output()), 30_000);
      await eventually(() => server.output().includes('It is Acme Deliveries'));

      const shell = new Shell(desk, { [SERVER]: url, [RECEIVER]: receiverUrl, [KEY]: PLATFORM_KEY });
      for (const step of stepsOf('your-own-preset.md')) {
        if (!step.commands.includes('openssl')) {
          await shell.follow(step);
          continue;
        }
        const first = await eventually(() => receivedIn(receiver.output())[0]);
        shell.place('1773412205', first.time);
        expect(await shell.run(step.commands)).toContain(first.signature);
      }

      const requests = await eventually(() => {
        const all = receivedIn(receiver.output());
        return all.length >= 3 ? all : undefined;
      });
      for (const { time, signature, body } of requests) expect(signature).toBe(hmac(time, body));
      const [created, completed, warned, ...more] = requests.map(({ body }) => asShown(body));
      const shown = blocks.find(({ text }) => isReceived(text))?.text ?? '';
      expect(created).toBe(receivedIn(shown)[0]?.body);
      // What the guide says in its text.
      const markdown = readFileSync(root('docs/guides/your-own-preset.md'), 'utf8');
      const content = /"content":(.*)\}$/.exec(completed ?? '')?.[1];
      expect(markdown).toContain(`The receiver gets \`${content}\``);
      expect(warned).toContain('"content":{"delivery_id":"D-8","status":"lost"}');
      // What is refused isn't sent.
      expect(more).toEqual([]);
    },
  );
});

describe('docs/guides/event-catalog.md', () => {
  it('shows the payload that its fields make of its data', () => {
    const blocks = blocksOf('event-catalog.md').filter(({ language }) => language === 'json');
    const [data, fields, payload] = blocks.map(({ text }) => text.trim());
    const sent = projectPayload(data ?? '', payloadSchema.parse(JSON.parse(fields ?? '')));
    expect(sent).toBe(payload);
  });

  it.runIf(canRun)(
    `does what it says, from the first command to the last${MISSING}`,
    { timeout: GUIDE_TIMEOUT_MS },
    async () => {
      const server = await startServe(await createTestDatabase('postgres'));
      const receiver = await startReceiver();
      onTestFinished(() => receiver.close());
      const closed = await startReceiver();
      await closed.close();
      const shell = new Shell(makeDesk(), {
        [SERVER]: server.url,
        [`${RECEIVER}/`]: receiver.url,
        'http://127.0.0.1:4599/': closed.url,
      });
      for (const step of stepsOf('event-catalog.md')) await shell.follow(step);
      expect(receiver.requests).toEqual([]);
    },
  );
});

describe('the preset of the guide', () => {
  const ACCOUNT = '/v1/accounts/green-grocer';
  const text = readFileSync(EXAMPLE, 'utf8');
  const assigned = {
    type: 'driver.assigned',
    data: { delivery_id: 'D-7', driver: { name: 'Kim', phone: '1' } },
  };

  async function start(options: { preset?: string } = {}) {
    const { api } = await startTestWaybill('postgres', options);
    const receiver = await startReceiver();
    onTestFinished(() => receiver.close());
    const create = (more: object = {}) =>
      api.post(`${ACCOUNT}/webhooks`, { url: receiver.url, events: ['*'], secret: SECRET, ...more });
    return { api, receiver, create };
  }

  /** What is sent of one event, after `load`, to a webhook made with `more`. */
  async function sentAfter(
    load: (api: ApiClient) => Promise<unknown>,
    options: { preset?: string } = {},
    more = {},
  ) {
    const { api, receiver, create } = await start(options);
    await load(api);
    expect((await create(more)).status).toBe(201);
    await api.post(`${ACCOUNT}/events`, assigned);
    const [request] = await receiver.waitFor(1);
    const [time = '', signature = ''] = String(request?.headers['x-acme-signature']).slice(2).split(',s=');
    expect(signature).toBe(hmac(time, request?.body ?? ''));
    expect(request?.headers).toMatchObject({ 'user-agent': 'Acme-Webhooks/1.0', 'x-acme-attempt': '1' });
    return asShown(request?.body ?? '');
  }

  const SENT =
    '{"event":"driver.assigned","event_id":"evt_0195f1a2b3c47d5e8f60718293a4b5c6","version":"2025-10",' +
    '"content":{"delivery_id":"D-7","driver":{"name":"Kim"}}}';

  it('sends the same in whichever way it is loaded', async () => {
    const importIt = (api: ApiClient) => api.post('/v1/catalogs/acme/import', text);
    const adopt = async (api: ApiClient) => {
      await importIt(api);
      await api.request('PUT', ACCOUNT, { preset: 'acme' });
    };
    expect(await sentAfter(async () => undefined, { preset: EXAMPLE })).toBe(SENT);
    expect(await sentAfter(importIt, {}, { profile: 'acme' })).toBe(SENT);
    expect(await sentAfter(adopt)).toBe(SENT);
  });

  it('that is flawed is refused as a whole, and the one in force stays', async () => {
    const { api, receiver, create } = await start({ preset: EXAMPLE });
    await create();
    const flawed = text.replace('"fields": ["name"]', '"fields": ["name", "phone", "car"]');
    const { status, body } = await api.post('/v1/catalogs/acme/import', flawed);
    expect([status, body.code, body.errors.length]).toEqual([400, 'preset_invalid', 1]);
    expect(body.errors[0].path).toMatch(/^eventTypes\[1\]\.payload\[1\]/);
    expect(body.errors[0].message).toBe('car is not in the schema of the data');
    await api.post(`${ACCOUNT}/events`, assigned);
    const [request] = await receiver.waitFor(1);
    expect(asShown(request?.body ?? '')).toBe(SENT);
  });

  it('that is changed is what the next delivery has', async () => {
    const { api, receiver, create } = await start({ preset: EXAMPLE });
    await create();
    const changed = text.replace('"fields": ["name"]', '"fields": ["phone", "name"]');
    expect((await api.post('/v1/catalogs/acme/import', changed)).status).toBe(200);
    await api.post(`${ACCOUNT}/events`, assigned);
    const [request] = await receiver.waitFor(1);
    expect(request?.body).toContain('"driver":{"phone":"1","name":"Kim"}}');
  });
});
