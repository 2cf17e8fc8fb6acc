import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { GuideRun, readGuide } from '../support/guide.ts';
import { startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

async function start() {
  const { api } = await startTestWaybill('postgres');
  const receiver = await startReceiver();
  onTestFinished(() => receiver.close());
  /** An account of its own for each guide. */
  const open = (account: string) => {
    const base = `/v1/accounts/${account}`;
    const run = new GuideRun(api, account, receiver);
    const create = async (settings: object): Promise<void> => {
      const made = await api.post(`${base}/webhooks`, { url: receiver.url, events: ['*'], ...settings });
      expect(made.status, made.text).toBe(201);
      run.learn(made.text);
    };
    const publish = async (events: readonly object[]): Promise<void> => {
      expect((await api.post(`${base}/events`, { events })).status).toBe(202);
    };
    const all = (status: string) =>
      eventually(async () => {
        const { data } = (await api.get(`${base}/deliveries`)).body;
        return (
          data.length > 0 &&
          data.every(
            (one: { status: string; attemptCount: number }) => one.status === status && one.attemptCount > 0,
          )
        );
      });
    return { run, create, publish, all };
  };
  return { receiver, open };
}

it('the guides to trying a webhook, following an event and sending it again do what they say', async () => {
  const { receiver, open } = await start();

  const trying = open('trying');
  expect(await trying.run.run(readGuide('trying-a-webhook'))).toBe(10);

  const following = open('following');
  receiver.answer({ status: 503, body: 'closed for stocktaking' });
  await following.create({ retry: { schedule: [86_400, 86_400, 86_400] } });
  await following.publish([{ type: 'order.created', subject: 'order/12345', data: { id: 12345 } }]);
  await following.all('pending');
  const [before = '', after = ''] = readGuide('following-an-event').split('## Sending it again');
  expect(await following.run.run(before)).toBe(7);
  receiver.answer(200);
  expect(await following.run.run(after)).toBe(6);

  const replay = open('replay');
  receiver.answer(500);
  await replay.create({ retry: { schedule: [] } });
  await replay.publish([
    ...[1, 2, 3].map((id) => ({ type: 'order.created', subject: `order/${id}`, data: { id } })),
    { type: 'order.paid', subject: 'order/12345', channel: 'webshop-se', data: { id: 12345 } },
  ]);
  await replay.all('failed');
  receiver.answer(200);
  expect(await replay.run.run(readGuide('replay'))).toBe(9);
});

const EXPECTED_AUTH: Record<string, [header: string, value: string]> = {
  basic: ['authorization', `Basic ${Buffer.from('waybill:correct horse').toString('base64')}`],
  bearer: ['authorization', 'Bearer 3b1d7fe0c2a94d58'],
  'X-Api-Key': ['x-api-key', '3b1d7fe0c2a94d58'],
  Authorization: ['authorization', 'ApiKey 3b1d7fe0c2a94d58'],
  oauth2: ['authorization', 'Bearer token-of-the-test'],
};

it('a receiver gets what the guide to authentication says, and the headers it shows', async () => {
  const { api } = await startTestWaybill('postgres');
  const receiver = await startReceiver(({ path }) =>
    path === '/oauth2/token'
      ? {
          body: JSON.stringify({ access_token: 'token-of-the-test', token_type: 'Bearer', expires_in: 3600 }),
        }
      : 200,
  );
  onTestFinished(() => receiver.close());
  const guide = readGuide('webhook-authentication');
  const { headers } = JSON.parse(/^```json headers\n([\s\S]*?)\n```$/m.exec(guide)?.[1] ?? '');
  const examples = [...guide.matchAll(/^```json\n([\s\S]*?)\n```$/gm)]
    .map(([, text = '']) => JSON.parse(text).auth)
    .filter((auth) => auth !== undefined);
  expect(examples).toHaveLength(Object.keys(EXPECTED_AUTH).length);
  for (const [index, auth] of examples.entries()) {
    const tokenUrl = auth.tokenUrl && { tokenUrl: `${receiver.url}oauth2/token` };
    const webhook = {
      url: `${receiver.url}${index}`,
      events: ['*'],
      headers,
      auth: { ...auth, ...tokenUrl },
    };
    const made = await api.post('/v1/accounts/acme/webhooks', webhook);
    expect(made.status, made.text).toBe(201);
  }
  await api.post('/v1/accounts/acme/events', { type: 'order.created', data: 1 });
  await receiver.waitFor(examples.length + 1);
  for (const [index, auth] of examples.entries()) {
    const got = receiver.requests.find(({ path }) => path === `/${index}`)?.headers ?? {};
    const [name, value] = EXPECTED_AUTH[auth.type === 'header' ? auth.name : auth.type] ?? ['', ''];
    expect([auth.type, got[name]]).toEqual([auth.type, value]);
    for (const [own, set] of Object.entries(headers)) expect(got[own.toLowerCase()]).toBe(set);
  }
});

const GUIDES = new URL('../../docs/guides/', import.meta.url);
const names = readdirSync(GUIDES).filter((name) => name.endsWith('.md'));

/** As GitHub makes them of headings. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

it.each(names)('what %s links to is there', (name) => {
  const file = new URL(name, GUIDES);
  for (const [, target = ''] of readFileSync(file, 'utf8').matchAll(/\]\(((?!https?:)[^)\s]+)\)/g)) {
    const [path = '', anchor] = target.split('#');
    const to = path === '' ? file : new URL(path, file);
    expect(existsSync(to), target).toBe(true);
    if (anchor !== undefined) expect(anchorsOf(readFileSync(to, 'utf8')), target).toContain(anchor);
  }
});

it('every guide is in the list of them, which the README links to', () => {
  const list = readFileSync(new URL('README.md', GUIDES), 'utf8');
  const listed = names.filter((name) => list.includes(`](${name})`) || list.includes(`](${name}#`));
  expect(names.filter((name) => name !== 'README.md' && !listed.includes(name))).toEqual([]);
  expect(readFileSync(new URL('../../README.md', GUIDES), 'utf8')).toContain('(docs/guides/README.md)');
});
