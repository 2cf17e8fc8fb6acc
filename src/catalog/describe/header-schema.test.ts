import { describe, expect, it } from 'vitest';
import { type Profile, profileSchema } from '../../profile/profile.ts';
import { createEventType, type EventType } from '../event-type.ts';
import { compileSchema } from '../schema.ts';
import { describeHeaders } from './header-schema.ts';
import { sampleRequest } from './sample-request.ts';

const context = { typeName: 'order.created', version: '2', ofBatches: true };

function profileOf(more: object): Profile {
  const format = profileSchema.parse({ body: 'event.data', signatures: [], ...more });
  const types = new Map([['order.created', { version: '2', payload: null }]]);
  return { ...format, name: 'acme', title: 'Acme', description: 'A test.', payloadVersion: '2', types };
}

function typeOf(sample: unknown): EventType {
  const file = { name: 'order.created', sample: sample as null, deprecated: false };
  return createEventType(file, {}, null);
}

const SIGNATURE = {
  header: 'X-Signature',
  algorithm: 'hmac-sha256',
  encoding: 'hex',
  key: 'text',
  content: '{body}',
  each: '{signature}',
  secrets: 'first',
};

describe('the headers of a request', () => {
  it('are described as what their templates refer to', () => {
    const headers = {
      'X-Id': '{event.id}',
      'X-Type': '{event.type}',
      'X-Version': '{payload.version}',
      'X-Time': '{attempt.timestamp}',
      'X-Subject': '{event.subject}',
      'X-Number': '{event.data.number}',
      'X-Mixed': 'v{payload.version}; (n={attempt.number})',
      'X-Fixed': 'a+b',
    };
    const described = describeHeaders(profileOf({ headers, userAgent: 'Acme/1.0' }), context);
    const schemas = Object.fromEntries(described.map(({ name, schema }) => [name, schema]));
    expect(schemas).toEqual({
      'User-Agent': { type: 'string', const: 'Acme/1.0' },
      'X-Id': { type: 'string', pattern: '^(?:evt|bat)_[0-9a-f]{32}$' },
      'X-Type': { type: 'string', const: 'order.created' },
      'X-Version': { type: 'string', const: '2' },
      'X-Time': { type: 'integer' },
      'X-Subject': { type: 'string' },
      'X-Number': { type: 'string', pattern: '^[ -~]*$' },
      'X-Mixed': { type: 'string', pattern: '^v2; \\(n=[0-9]+\\)$' },
      'X-Fixed': { type: 'string', pattern: '^a\\+b$' },
    });
    expect(described.every(({ description }) => description !== '')).toBe(true);
  });

  it.each([
    [{}],
    [{ algorithm: 'hmac-sha512' }],
    [{ algorithm: 'hmac-sha512', encoding: 'base64', key: 'whsec' }],
    [{ encoding: 'base64', each: 'v1,{signature}', secrets: 'all' }],
    [{ algorithm: 'ed25519', encoding: 'base64', key: 'whsk', secrets: 'all', each: 'v1a,{signature}' }],
    [{ each: 'v1={signature}', secrets: 'all', separator: ',', value: 't={attempt.timestamp},{signatures}' }],
  ])('a signature with %j fits its pattern, and one that was cut short does not', (more) => {
    const profile = profileOf({ signatures: [{ ...SIGNATURE, ...more }] });
    const schema = describeHeaders(profile, context).find(({ name }) => name === 'X-Signature')?.schema ?? {};
    const value = sampleRequest(profile, typeOf({ id: 7 }))?.headers.get('x-signature') ?? '';
    expect(value).not.toBe('');
    expect(compileSchema(schema)(value)).toEqual([]);
    expect(compileSchema(schema)(value.slice(0, -1))).not.toEqual([]);
  });

  it('allow for several signatures only where all secrets sign', () => {
    const fits = (more: object, value: string): boolean => {
      const [, header] = describeHeaders(profileOf({ signatures: [{ ...SIGNATURE, ...more }] }), context);
      return compileSchema(header?.schema ?? {})(value).length === 0;
    };
    const one = 'a0'.repeat(32);
    expect(fits({}, `${one} ${one}`)).toBe(false);
    expect(fits({ secrets: 'all' }, `${one} ${one}`)).toBe(true);
    expect(fits({ secrets: 'all' }, `${one},${one}`)).toBe(false);
    expect(fits({ secrets: 'all', separator: ',' }, `${one},${one}`)).toBe(true);
  });
});

describe('the request for a sample', () => {
  it('has the version that its payload is sent in', () => {
    const profile = profileOf({ headers: { 'X-Version': '{payload.version}' } });
    expect(sampleRequest(profile, typeOf(7))?.headers.get('x-version')).toBe('2');
  });

  it('is not made without a sample', () => {
    expect(sampleRequest(profileOf({}), typeOf(undefined))).toBeUndefined();
    expect(sampleRequest(profileOf({}), typeOf(null))?.body).toBe('null');
  });
});
