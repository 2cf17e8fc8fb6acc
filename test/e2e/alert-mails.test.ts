import { readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createTestClock } from '../support/clock.ts';
import { createTestDatabase, E2E_DATABASE_KINDS } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { type MailServer, readMail, startMailServer } from '../support/mail-server.ts';
import { startReceiver } from '../support/receiver.ts';
import { startTestWaybill, type TestWaybill } from '../support/waybill.ts';

const ACCOUNT = '/v1/accounts/acme';
const RECIPIENTS = `${ACCOUNT}/alert-recipients`;
const FROM = 'Waybill <webhooks@platform.example>';
/** The guide's. */
const GUIDE = readFileSync(new URL('../../docs/guides/alerts-by-mail.md', import.meta.url), 'utf8');
const EXAMPLE = GUIDE.match(/```json POST \/v1\/accounts\/acme\/alert-recipients\n(.*?)```/s)?.[1] ?? '';
const ROUND_MS = 10_000;

type Kind = (typeof E2E_DATABASE_KINDS)[number];

async function setUp(kind: Kind) {
  const server = await startMailServer();
  const clock = createTestClock();
  const mail = { smtpUrl: server.url, from: FROM };
  const options = {
    clock,
    mail,
    publicUrl: 'https://hooks.platform.example',
    ...(await createTestDatabase(kind)),
  };
  const running = await startTestWaybill(kind, options);
  const tell = async (path: string, body: object) =>
    expect((await running.api.post(`${path}/alert-recipients`, body)).status).toBe(201);
  return { ...running, server, clock, options, tell };
}

/** Raises an alert by a delivery that is given up at once, as nobody wants it. Returns the webhook. */
async function raise({ api }: Pick<TestWaybill, 'api'>, name: string, status = 500) {
  const receiver = await startReceiver(status);
  onTestFinished(() => receiver.close());
  const type = `order.t${status}`;
  const webhook = { name, url: receiver.url, events: [type], retry: { schedule: [] } };
  const { id } = (await api.post(`${ACCOUNT}/webhooks`, webhook)).body;
  await api.post(`${ACCOUNT}/events`, { type, data: {} });
  await eventually(async () => (await api.get(`${ACCOUNT}/alerts?webhookId=${id}`)).body.data[0]);
  return { id, receiver, type };
}

interface Mailing {
  readonly server: MailServer;
  readonly clock: { advance(ms: number): void };
  readonly stop: () => Promise<unknown>;
}

/** What came, once there are so many, and no more a round later. Nothing is mailed after that. */
async function mailsOf({ server, clock, stop }: Mailing, count: number, stepMs = ROUND_MS) {
  await eventually(() => {
    clock.advance(stepMs);
    return server.mails.length >= count;
  });
  clock.advance(stepMs);
  await stop();
  expect(server.mails).toHaveLength(count);
  return server.mails;
}

describe.each(E2E_DATABASE_KINDS)('mails about alerts on %s', (kind) => {
  it('go once to whoever wants to know of that kind in that account, and name nobody else', async () => {
    const test = await setUp(kind);
    await test.tell(ACCOUNT, JSON.parse(EXAMPLE));
    await test.tell(ACCOUNT, { email: 'finance@acme.example', kinds: ['daily_limit_reached'] });
    await test.tell('/v1', { email: 'oncall@platform.example', kinds: ['deliveries_failing'] });
    await test.tell('/v1/accounts/other', { email: 'ops@other.example' });
    await raise(test, 'Warehouse');
    const [mail] = await mailsOf(test, 1);
    expect(mail?.from).toBe('webhooks@platform.example');
    expect(mail?.to).toEqual(['oncall@platform.example', 'ops@acme.example']);
    expect(mail?.source).toMatch(/^Subject: Waybill: Deliveries fail for good: Warehouse \(acme\)\r$/m);
    expect(mail?.source).toContain('answered 500');
    expect(mail?.source.replaceAll('=\r\n', '')).toContain(
      'https://hooks.platform.example/accounts/acme/alerts',
    );
    expect(mail?.source).not.toMatch(/ops@acme|oncall@platform/);
  });

  it('are in the language of who reads them, and only those a server refused are tried again', async () => {
    const test = await setUp(kind);
    await test.tell(ACCOUNT, { email: 'ops@acme.example' });
    await test.tell(ACCOUNT, { email: 'drift@acme.example', language: 'sv' });
    expect((await test.api.get(RECIPIENTS)).body.data[0]).toMatchObject({ language: 'sv' });
    // Whom the account names itself is mailed once, as the account says.
    await test.tell('/v1', { email: 'drift@acme.example' });
    test.server.refuseAfter(1);
    await raise(test, 'Lager');
    await eventually(() => {
      test.clock.advance(ROUND_MS);
      return test.server.refusals() >= 1;
    });
    test.server.refuse(false);
    const [first, second] = await mailsOf(test, 2, 60_000);
    expect([first?.to, second?.to]).toEqual([['ops@acme.example'], ['drift@acme.example']]);
    expect(first?.source).toMatch(/^Subject: Waybill: Deliveries fail for good: Lager \(acme\)\r$/m);
    const { subject, text } = readMail(second?.source ?? '');
    expect(subject).toBe('Waybill: Leveranser misslyckas för gott: Lager (acme)');
    expect(text).toContain('En leverans gavs upp efter 1 försök. Det senaste: mottagaren svarade 500.');
    expect(text).toContain('Konto: acme');
    expect(text).not.toMatch(/was given up|Account:|answered/);
  });

  it('say what a stranger called a webhook on one line, as text', async () => {
    const test = await setUp(kind);
    await test.tell(ACCOUNT, { email: 'ops@acme.example' });
    await raise(test, 'x\u2028Bcc: eve@evil.example <b>å</b>');
    const [mail] = await mailsOf(test, 1);
    expect(mail?.to).toEqual(['ops@acme.example']);
    expect(mail?.source).not.toMatch(/^Bcc/im);
    expect(mail?.source).toMatch(/^Content-Type: text\/plain/m);
  });

  it('are tried again when the mail server refuses them, and not for what is resolved by then', async () => {
    const test = await setUp(kind);
    await test.tell(ACCOUNT, { email: 'ops@acme.example' });
    test.server.refuse(true);
    await raise(test, 'Stays', 500);
    const mended = await raise(test, 'Mended', 501);
    await eventually(() => {
      test.clock.advance(ROUND_MS);
      return test.server.refusals() >= 2;
    });
    mended.receiver.answer(200);
    await test.api.post(`${ACCOUNT}/events`, { type: mended.type, data: {} });
    await eventually(async () => (await test.api.get(`${ACCOUNT}/alerts?status=resolved`)).body.data[0]);
    test.server.refuse(false);
    const [mail] = await mailsOf(test, 1, 60_000);
    expect(mail?.source).toContain('Stays (acme)');
  });

  it('go to those who are told of the same once, and nobody is told of twice by the same list', async () => {
    const { api, tell } = await setUp(kind);
    await tell(ACCOUNT, { email: 'ops@acme.example' });
    const again = await api.post(RECIPIENTS, { email: ' OPS@acme.example' });
    expect([again.status, again.body.code]).toEqual([409, 'recipient_exists']);
    const { body } = await api.get(RECIPIENTS);
    expect(body).toMatchObject({
      data: [{ email: 'ops@acme.example', kinds: null, language: 'en' }],
      mailConfigured: true,
    });
    expect((await api.request('DELETE', `${RECIPIENTS}/${body.data[0].id}`)).status).toBe(204);
    expect((await api.request('DELETE', `${RECIPIENTS}/${body.data[0].id}`)).status).toBe(404);
    for (const bad of [
      { email: 'a@b' },
      { email: 'a\r\nb@c.example' },
      { email: 'a@b.example', kinds: [] },
      { email: 'a@b.example', language: 'tlh' },
    ]) {
      expect((await api.post(RECIPIENTS, bad)).status, JSON.stringify(bad)).toBe(400);
    }
    for (let count = 0; count < 20; count += 1) await tell(ACCOUNT, { email: `p${count}@acme.example` });
    const beyond = await api.post(RECIPIENTS, { email: 'one.more@acme.example' });
    expect([beyond.status, beyond.body.code]).toEqual([409, 'too_many_recipients']);
  });
});

it('of two nodes one mails', async () => {
  const test = await setUp('postgres');
  const other = await startTestWaybill('postgres', test.options);
  await test.tell(ACCOUNT, { email: 'ops@acme.example' });
  await raise(test, 'Warehouse');
  await mailsOf({ ...test, stop: () => Promise.all([test.stop(), other.stop()]) }, 1);
});

it('without a mail server nobody is mailed, and the list says so', async () => {
  const { api } = await startTestWaybill('postgres');
  expect((await api.get(RECIPIENTS)).body).toMatchObject({ data: [], mailConfigured: false });
});
