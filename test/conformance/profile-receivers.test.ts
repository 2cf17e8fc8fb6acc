import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { builtInPresets } from '../../src/catalog/built-in.ts';
import { generateSecret, publicKeyOf } from '../../src/profile/secret.ts';
import {
  GO,
  GO_MODULE,
  installPython,
  JAVA,
  type Language,
  missing,
  NODE,
  PYTHON,
  PYTHON_WITH_OPENSSL,
  PYTHON_WITH_PIP,
  startProgram,
} from '../receivers/start-program.ts';
import { eventually } from '../support/eventually.ts';
import { type ReceivedRequest, startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

// The vendors' receivers, in other languages than ours: what we send is what their pages promise.

const ACCOUNT = '/v1/accounts/acme';
const BUILD_TIMEOUT_MS = 180_000;
const WHSEC = `whsec_${Buffer.alloc(32, 'k').toString('base64')}`;
const WHSK = generateSecret('whsk');
const TEXT = 'a-shared-secret-of-the-shop';
const certificate = (name: string): string =>
  fileURLToPath(new URL(`../support/certificates/${name}.pem`, import.meta.url));
const pem = (name: string): string => readFileSync(certificate(name), 'utf8');

interface Case {
  readonly profile: string;
  readonly language: Language;
  /** In test/receivers. */
  readonly program: string;
  /** `PRESET/TYPE`: an event type of the catalogs. */
  readonly sample: string;
  readonly signature: string;
  readonly secret: string;
  readonly environment?: Record<string, string>;
  /** Packages of PyPI it needs. */
  readonly packages?: readonly string[];
  readonly tls?: boolean;
}

const standardWebhooks = {
  language: PYTHON,
  program: 'standard-webhooks.py',
  signature: 'webhook-signature',
  secret: WHSEC,
};

const CASES: readonly Case[] = [
  {
    profile: 'standard-webhooks',
    ...standardWebhooks,
    sample: 'scrollengine/order.created',
    environment: { MEMBERS: 'type,timestamp,data' },
  },
  {
    profile: 'scrollengine',
    language: PYTHON,
    program: 'scrollengine.py',
    sample: 'scrollengine/order.delivered',
    signature: 'x-scrollengine-signature',
    secret: TEXT,
  },
  {
    profile: 'nshift',
    ...standardWebhooks,
    sample: 'nshift/order.created',
    environment: {
      MEMBERS: 'type,timestamp,data',
      CERTIFICATE: certificate('good'),
      PRIVATE_KEY: certificate('server-key'),
    },
    tls: true,
  },
  {
    profile: 'velourcity',
    language: GO,
    program: 'velourcity.go',
    sample: 'velourcity/order.driver_assigned',
    signature: 'x-velourcity-signature',
    secret: TEXT,
  },
  {
    profile: 'shopctrl',
    language: NODE,
    program: 'shopctrl.mjs',
    sample: 'shopctrl/order.changed',
    signature: 'x-shopctrl-signature',
    secret: TEXT,
  },
  {
    profile: 'scurri',
    ...standardWebhooks,
    sample: 'scurri/tracking_update',
    environment: { MEMBERS: 'event_type,event_id,payload_version,carrier_slug,count,trackings' },
  },
  {
    profile: 'velourcity',
    language: NODE,
    program: 'velourcity.mjs',
    sample: 'velourcity/order.created',
    signature: 'x-velourcity-signature',
    secret: TEXT,
  },
  {
    profile: 'shopctrl',
    language: JAVA,
    program: 'ShopctrlReceiver.java',
    sample: 'shopctrl/shipment.created',
    signature: 'x-shopctrl-signature',
    secret: TEXT,
  },
  {
    profile: 'standard-webhooks-v1a',
    language: PYTHON_WITH_OPENSSL,
    program: 'standard-webhooks-v1a.py',
    sample: 'scrollengine/route.started',
    signature: 'webhook-signature',
    secret: WHSK,
    environment: { PUBLIC_KEY: publicKeyOf(WHSK) ?? '' },
  },
  ...(['standard-webhooks', 'scurri'] as const).flatMap((profile) => {
    const sample = profile === 'scurri' ? 'scurri/proof_of_delivery' : 'nshift/order.updated';
    const same = { profile, sample, signature: 'webhook-signature', secret: WHSEC };
    return [
      {
        ...same,
        language: PYTHON_WITH_PIP,
        program: 'standard-webhooks-official.py',
        packages: ['standardwebhooks==1.1.0'],
      },
      { ...same, language: GO_MODULE, program: 'standard-webhooks-official-go' },
    ];
  }),
];

function sampleOf({ sample }: Case): object {
  const [preset = '', type = ''] = sample.split('/');
  const data = builtInPresets().get(preset)?.eventTypes.get(type)?.sample;
  if (data === undefined) throw new Error(`There is no sample ${sample}.`);
  return { type, data, occurredAt: '2026-03-13T14:30:00Z' };
}

/** Publishes the sample to the program, and to a receiver that keeps what it was sent. */
async function deliver(one: Case, programUrl: string) {
  const { api } = await startTestWaybill('postgres', one.tls ? { tlsCa: pem('ca') } : {});
  const tls = one.tls ? { tls: { key: pem('server-key'), cert: pem('good') } } : {};
  const recorder = await startReceiver(200, tls);
  onTestFinished(() => recorder.close());
  const { profile, secret } = one;
  for (const url of [programUrl, recorder.url]) {
    const created = await api.post(`${ACCOUNT}/webhooks`, { url, events: ['*'], profile, secret });
    expect(created.text).toContain(`"profile":"${profile}"`);
    expect(created.status).toBe(201);
  }
  const published = await api.post(`${ACCOUNT}/events`, sampleOf(one));
  expect(published.body).toMatchObject({ deliveries: 2 });
  const list = await eventually(async () => {
    const { body } = await api.get(`${ACCOUNT}/deliveries`);
    return body.data.every((delivery: { lastStatusCode: unknown }) => delivery.lastStatusCode) && body.data;
  });
  expect(list.map((delivery: { status: string }) => delivery.status)).toEqual(['delivered', 'delivered']);
  const [request] = await recorder.waitFor(1);
  return request as ReceivedRequest;
}

/** Sends a request once more, over a connection of its own. */
async function resend(url: string, headers: http.IncomingHttpHeaders, body: Uint8Array): Promise<number> {
  const { connection, host, ...rest } = headers;
  const options = { method: 'POST', headers: rest, agent: false };
  const request = url.startsWith('https:')
    ? https.request(url, { ...options, ca: pem('ca') })
    : http.request(url, options);
  request.end(body);
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  response.resume();
  await once(response, 'end');
  return response.statusCode ?? 0;
}

function withByteChanged(bytes: Uint8Array, index: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[index] = (changed[index] ?? 0) ^ 1;
  return changed;
}

/** The last letter or digit but one, which always bears bits of the signature, made another. */
function withLetterChanged(signature: string): string {
  return signature.replace(/[0-9A-Za-z+/](?=[0-9A-Za-z+/]=*$)/, (letter) => (letter === 'a' ? 'b' : 'a'));
}

describe('a receiver as the vendor tells it', () => {
  for (const one of CASES) {
    const { profile, language, program: file, secret, environment, packages = [] } = one;
    it.skipIf(!language.installed)(
      `of ${profile}, in ${language.name}, takes what Waybill sends and refuses a changed byte${missing(language)}`,
      async () => {
        const installed = packages.length > 0 ? installPython(...packages) : {};
        const program = await startProgram(language, file, { SECRET: secret, ...environment, ...installed });
        const { headers, body: text } = await deliver(one, program.url);
        await eventually(() => program.output().includes(`accepted ${text}\n`));

        // The very same request is taken again: it is the byte, and nothing else, that is refused.
        const body = Buffer.from(text);
        expect(await resend(program.url, headers, body)).toBeLessThan(300);
        for (const index of [0, 1, body.length >> 1, body.length - 2, body.length - 1]) {
          expect(await resend(program.url, headers, withByteChanged(body, index)), `byte ${index}`).toBe(401);
        }
        const signature = withLetterChanged(String(headers[one.signature]));
        expect(signature).not.toBe(headers[one.signature]);
        expect(await resend(program.url, { ...headers, [one.signature]: signature }, body)).toBe(401);
        const { [one.signature]: _, ...unsigned } = headers;
        expect(await resend(program.url, unsigned, body)).toBe(401);
        expect(program.output().match(/^accepted /gm)).toHaveLength(2);
      },
      BUILD_TIMEOUT_MS,
    );
  }
});
