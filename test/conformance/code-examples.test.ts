import { describe, expect, it } from 'vitest';
import { builtInPresets } from '../../src/catalog/built-in.ts';
import {
  codeExamples,
  EXAMPLE_LANGUAGES,
  type ExampleLanguage,
} from '../../src/code-examples/code-examples.ts';
import { renderBody, renderHeaders } from '../../src/profile/engine.ts';
import { type Profile, secretKindOf } from '../../src/profile/profile.ts';
import { generateSecret, publicKeyOf } from '../../src/profile/secret.ts';
import type { Subject } from '../../src/profile/subject.ts';
import { type Examples, RUNNERS } from '../receivers/example-programs.ts';
import { eventually } from '../support/eventually.ts';
import { builtInProfile, plainProfile, SIGNATURE } from '../support/profiles.ts';

const BUILD_TIMEOUT_MS = 180_000;

/** What a platform may write down, and none of those that come along does. */
const ODD: Record<string, object> = {
  'odd-sha512': {
    ...SIGNATURE,
    algorithm: 'hmac-sha512',
    content: '{event.type}|{body}|{event.data.id}',
    each: '<"{signature}\\\'$#>',
  },
  'odd-base64': {
    ...SIGNATURE,
    algorithm: 'hmac-sha512',
    encoding: 'base64',
    secrets: 'all',
    separator: '.|/',
    value: 'at({attempt.timestamp})`{signatures}`',
    content: '{body}{attempt.timestamp}',
  },
  'odd-ed25519': {
    ...SIGNATURE,
    algorithm: 'ed25519',
    encoding: 'hex',
    key: 'whsk',
    each: 'e:{signature};',
    secrets: 'all',
  },
};
/** Spaces that a header loses, separators of several characters, and texts that hold what stands around them. */
const ODD_AROUND: Record<string, { readonly signature: object; readonly headers?: Record<string, string> }> =
  {
    'odd-spaces': {
      signature: {
        ...SIGNATURE,
        secrets: 'all',
        each: ' v1,{signature} ',
        separator: ' ; ',
        value: ' t={attempt.timestamp} / {signatures} ',
        content: '{attempt.timestamp}.{body}',
      },
    },
    'odd-only-spaces': {
      signature: { ...SIGNATURE, encoding: 'base64', secrets: 'all', each: ' {signature}', separator: '  ' },
    },
    'odd-adjoining': {
      signature: { ...SIGNATURE, content: '{attempt.timestamp}{webhook.id}{event.id}{body}' },
      headers: { 'X-Ids': '{event.id}{attempt.timestamp}{webhook.id}' },
    },
    'odd-text-before': {
      signature: {
        ...SIGNATURE,
        content: '{event.data.name}.{body}',
        value: '{event.data.name},s={signatures}',
      },
      headers: { 'X-Name': ' name=({event.data.name}) ' },
    },
    'odd-text-between': {
      signature: {
        ...SIGNATURE,
        value: '{attempt.timestamp},s={event.data.name},s={signatures}',
        content: '{attempt.timestamp},s={event.data.name},s={body}',
      },
    },
  };
const HEADERS = { 'X-Type': 'type={event.type};', 'X-Id': '{event.data.id}' };

const profiles = new Map<string, Profile>([
  ...[...builtInPresets().keys()].map((name) => [name, builtInProfile(name)] as const),
  ...Object.entries(ODD).map(
    ([name, signature]) =>
      [name, plainProfile({ body: 'event.data', headers: HEADERS, signatures: [signature] })] as const,
  ),
  ...Object.entries(ODD_AROUND).map(
    ([name, { signature, headers = {} }]) =>
      [name, plainProfile({ body: 'event.data', headers, signatures: [signature] })] as const,
  ),
]);

// Of the form every profile with shared secrets takes. The second is the one being replaced.
const SHARED = [generateSecret('whsec'), generateSecret('whsec')] as const;
const PRIVATE = [generateSecret('whsk'), generateSecret('whsk')] as const;
const ENVIRONMENT = {
  WEBHOOK_SECRET: SHARED.join(' '),
  WEBHOOK_PUBLIC_KEY: PRIVATE.map((secret) => publicKeyOf(secret)).join(' '),
};

function subjectAt(timestampSeconds: number): Subject {
  return {
    event: {
      id: 'evt_0195f1a2b3c47d5e8f60718293a4b5c6',
      type: 'order.created',
      occurredAt: '2026-03-13T14:30:00.000Z',
      subject: null,
      channel: null,
      version: null,
      data: '{"id": 7, "name": "Åsa,s=0 😀", "trackings": []}',
    },
    payloadVersion: null,
    delivery: { id: 'dlv_0195f1a2b3c47d5e8f60718293a4b5c7' },
    attempt: { number: 1, timestampSeconds },
    webhook: { id: 'wh_0195f1a2b3c47d5e8f60718293a4b5c8' },
  };
}

interface Signed {
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

/** A request as it is sent to a webhook with this profile. */
function signed(profile: Profile, secrets: readonly string[], ageSeconds = 0): Signed {
  const subject = subjectAt(Math.floor(Date.now() / 1000) - ageSeconds);
  const body = Buffer.from(renderBody(profile, subject));
  return { headers: renderHeaders(profile, subject, body, secrets), body };
}

function withByteChanged({ headers, body }: Signed, index: number): Signed {
  const changed = Buffer.from(body);
  changed[index] = (changed[index] ?? 0) ^ 1;
  return { headers, body: changed };
}

function withHeader({ headers, body }: Signed, name: string, change: (value: string) => string): Signed {
  const value = change(headers[name] ?? '');
  expect(value).not.toBe(headers[name]);
  return { headers: { ...headers, [name]: value }, body };
}

/** A letter in the middle of a signature made another: no other header holds as many in a row. */
const withLetterChanged = (value: string): string =>
  value.replace(
    /([0-9A-Za-z+/]{20})([0-9A-Za-z+/])/,
    (_, before, letter) => before + (letter === 'a' ? 'b' : 'a'),
  );

/** Each request, what of it is told, and whether it must be taken. */
function casesOf(profile: Profile): [string, Signed, boolean][] {
  const [signature] = profile.signatures;
  if (!signature) throw new Error('a profile signs');
  const { header } = signature;
  const kind = secretKindOf(profile);
  const [current, previous] = kind === 'whsk' ? PRIVATE : SHARED;
  const stranger = generateSecret(kind === 'whsk' ? 'whsk' : 'whsec');
  const right = signed(profile, [current]);
  const timed = [signature.content, signature.value].some(({ parts }) =>
    parts.some(({ reference }) => reference === 'attempt.timestamp'),
  );
  return [
    ['as it was sent', right, true],
    ['with the secret before', signed(profile, [previous]), true],
    ['with two, one of them ours', signed(profile, [stranger, current]), signature.secrets === 'all'],
    ['with the secret of a stranger', signed(profile, [stranger]), false],
    ...[0, right.body.length >> 1, right.body.length - 1].map((index): [string, Signed, boolean] => [
      `byte ${index} changed`,
      withByteChanged(right, index),
      false,
    ]),
    ['a byte more', { ...right, body: Buffer.concat([right.body, Buffer.from(' ')]) }, false],
    ['no body', { ...right, body: Buffer.alloc(0) }, false],
    ['a letter of the signature changed', withHeader(right, header, withLetterChanged), false],
    ['the signature cut off', withHeader(right, header, (value) => value.slice(0, -9)), false],
    ['an empty signature', withHeader(right, header, () => ''), false],
    ['no headers', { ...right, headers: {} }, false],
    ['five minutes and more old', signed(profile, [current], 400), !timed],
    ['dated ahead', signed(profile, [current], -400), !timed],
    ...Object.keys(profile.headers).flatMap((name): [string, Signed, boolean][] => {
      const covered = signature.content.parts.some(({ reference }) =>
        profile.headers[name]?.parts.some((part) => part.reference !== null && part.reference === reference),
      );
      const changed = (value: string) =>
        value.replace(/[0-9a-z](?=[^0-9a-z]*$)/, (last) => (last === '1' ? '2' : '1'));
      return covered ? [[`${name} changed`, withHeader(right, name, changed), false]] : [];
    }),
  ];
}

async function send(url: string, { headers, body }: Signed): Promise<number> {
  const response = await fetch(url, { method: 'POST', headers, body });
  await response.arrayBuffer();
  return response.status;
}

function examplesIn(language: ExampleLanguage): Examples {
  const made = [...profiles].map(([name, profile]) => {
    const [example] = codeExamples(profile, [language]) ?? [];
    if (!example) throw new Error(`there is no example for ${name}`);
    return [name, example] as const;
  });
  return new Map(made);
}

describe('an example of how webhooks are verified', () => {
  for (const language of EXAMPLE_LANGUAGES) {
    const { needs, installed, start } = RUNNERS[language];
    const fact = 'takes what every profile sends, and refuses what was changed';
    it.skipIf(!installed)(
      `in ${language} ${fact}${installed ? '' : ` (not run: it needs ${needs})`}`,
      async () => {
        const program = await start(examplesIn(language), ENVIRONMENT);
        await eventually(() =>
          fetch(program.url).then(
            () => true,
            () => false,
          ),
        );
        for (const [name, profile] of profiles) {
          const taken = profile.success === '2xx' ? 204 : profile.success[0];
          for (const [what, request, isTaken] of casesOf(profile)) {
            const status = await send(program.url + name, request);
            expect(status, `${name}: ${what}\n${program.output()}`).toBe(isTaken ? taken : 401);
          }
        }
      },
      BUILD_TIMEOUT_MS,
    );
  }

  it('is made in every language for every profile that comes along, and knows none by its name', () => {
    for (const [name, profile] of profiles) {
      const examples = codeExamples(profile) ?? [];
      expect(examples.map(({ language }) => language)).toEqual(EXAMPLE_LANGUAGES);
      const renamed = codeExamples({ ...profile, name: 'another', title: 'Another' } as Profile);
      expect(renamed, name).toEqual(examples);
    }
  });

  it.each<[what: string, signature: object, headers: object]>([
    ['a separator is found in signatures', { secrets: 'all', separator: 'a' }, {}],
    ['a separator is found around them', { secrets: 'all', each: 'e:{signature};', separator: ';;' }, {}],
    ['there is no separator', { secrets: 'all', separator: '' }, {}],
    [
      'a separator may be in what was published',
      { secrets: 'all', each: '{event.subject}={signature}' },
      { 'X-S': '{event.subject}' },
    ],
    [
      'two texts of any kind adjoin',
      { content: '{event.subject}{body}' },
      { 'X-S': '{event.subject}{event.channel}' },
    ],
    [
      'two numbers adjoin',
      { content: '{attempt.number}{body}' },
      { 'X-N': '{attempt.number}{attempt.timestamp}' },
    ],
    [
      'a text of any kind stands before several signatures with spaces between',
      { secrets: 'all', value: '{event.subject} {signatures}' },
      {},
    ],
    [
      'a text that may be absent leaves a space that the header loses',
      { each: '{event.subject} {signature}' },
      { 'X-S': '{event.subject}' },
    ],
  ])('is not made where %s', (_what, signature, headers) => {
    const plain = plainProfile({ body: 'event.data', headers, signatures: [{ ...SIGNATURE, ...signature }] });
    expect(codeExamples(plain)).toBeUndefined();
  });

  it('is not made where what is signed is in no header', () => {
    const plain = plainProfile({
      body: 'event.data',
      signatures: [{ ...SIGNATURE, content: '{event.id}.{body}' }],
    });
    expect(codeExamples(plain)).toBeUndefined();
  });
});
