import { errors } from 'undici';
import { judgeTokenAnswer } from '../../src/auth/token-answer.ts';
import type { Destination } from '../../src/egress/destination.ts';
import {
  explainBadStatus,
  explainConnectError,
  explainConnectTimeout,
  explainExchangeError,
  explainLookupError,
  explainLookupTimeout,
  explainRefusedAddress,
  explainRefusedUrl,
  explainTimeout,
} from '../../src/egress/explain.ts';
import { explainUnusableIdentity } from '../../src/egress/explain-client-certificate.ts';
import { explainTlsError } from '../../src/egress/explain-tls.ts';
import type { Params } from '../../src/errors.ts';
import {
  type CompiledPayload,
  compilePayload,
  type MimeType,
  renderPayload,
} from '../../src/payload/payload.ts';

/** A failure as those who make it tell of it. */
export interface ToldFailure {
  readonly code: string;
  readonly reason: string;
  readonly params?: Params;
}

const HOST = 'hooks.example';
const plain: Destination = {
  https: true,
  host: HOST,
  port: 443,
  address: '10.0.0.1',
  family: 4,
  public: false,
};
const withCertificate: Destination = { ...plain, clientCertificate: true };
const failed = (code: string, message = code) => Object.assign(new Error(message), { code });

/** What the network makes go wrong, in each of the ways it is told of. */
export function networkFailures(): ToldFailure[] {
  const lookups = ['ENOTFOUND', 'ENODATA', 'ESERVFAIL', 'EREFUSED', 'ETIMEOUT', 'ECONNREFUSED', 'EOTHER'];
  const sockets = ['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EHOSTUNREACH', 'EOTHER'];
  const urls = ['malformed', 'scheme', 'credentials', 'fragment', 'host'].map((what) => `url_${what}`);
  return [
    ...lookups.map((code) => explainLookupError(failed(code), HOST)),
    explainLookupTimeout(HOST, 5_000),
    explainRefusedAddress(HOST, 'private'),
    explainRefusedAddress('10.0.0.1', 'private'),
    ...urls.map((code) => explainRefusedUrl({ code, message: 'It is wrong.' })),
    explainRefusedUrl({ code: 'url_port', message: 'Port 22 cannot be used.', params: { port: 22 } }),
    explainRefusedUrl({ code: 'url_too_long', message: 'It is too long.', params: { most: 2048 } }),
    explainRefusedUrl({
      code: 'address_not_allowed',
      message: 'localhost is this server itself.',
      params: { host: 'localhost' },
    }),
    ...sockets.map((code) => explainConnectError(failed(code), plain)),
    explainConnectTimeout(5_000),
    explainTimeout(15_000),
    explainTimeout(15_000, 200),
    ...exchangeFailures(),
  ];
}

function exchangeFailures(): ToldFailure[] {
  const parser = (message: string) => new errors.HTTPParserError(message);
  const closed = failed('UND_ERR_SOCKET', 'other side closed');
  return [
    explainExchangeError(failed('UND_ERR_HEADERS_OVERFLOW'), plain),
    explainExchangeError(failed('UND_ERR_RES_CONTENT_LENGTH_MISMATCH'), plain),
    explainExchangeError(failed('UND_ERR_RES_CONTENT_LENGTH_MISMATCH'), plain, 200),
    explainExchangeError(failed('UND_ERR_INVALID_ARG'), plain),
    explainExchangeError(failed('EOTHER'), plain),
    explainExchangeError(closed, plain),
    explainExchangeError(closed, plain, 200),
    explainExchangeError(closed, withCertificate),
    explainExchangeError(failed('UND_ERR_SOCKET', 'bad response'), plain),
    explainExchangeError(parser('Response does not match (Invalid header token)'), plain),
    explainExchangeError(parser('Something else'), plain),
    explainExchangeError(failed('EHOSTUNREACH'), plain, 200),
    explainBadStatus(99),
  ];
}

const CERTIFICATE_ERRORS = [
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_REVOKED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_CHAIN_TOO_LONG',
  'INVALID_CA',
  'INVALID_PURPOSE',
];
const HANDSHAKE_ERRORS = [
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
  'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL',
  'ERR_SSL_TLSV1_UNRECOGNIZED_NAME',
  'ERR_SSL_NO_SHARED_CIPHER',
  'ERR_SSL_BAD_EXTENSION',
  'ECONNRESET',
  'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
];
const REFUSALS = [
  'CERTIFICATE_EXPIRED',
  'CERTIFICATE_REVOKED',
  'UNKNOWN_CA',
  'ACCESS_DENIED',
  'BAD_CERTIFICATE',
];

/** What goes wrong while two servers get to know each other. */
export function tlsFailures(): ToldFailure[] {
  const certificateOf = (names: string) => ({
    validFromDate: new Date('2026-01-01'),
    validToDate: new Date('2026-02-01'),
    subjectAltName: names,
  });
  const tell = (code: string, destination: Destination, now: string, names?: string) => {
    const certificate = names === undefined ? undefined : certificateOf(names);
    return explainTlsError(failed(code), { destination, certificate, now: Date.parse(now) });
  };
  return [
    ...CERTIFICATE_ERRORS.flatMap((code) => [
      tell(code, plain, '2025-06-01', 'DNS:a.example, DNS:b.example'),
      tell(code, plain, '2026-06-01', 'DNS:a.example, DNS:b.example, DNS:c.example'),
      tell(code, plain, '2026-06-01'),
    ]),
    ...HANDSHAKE_ERRORS.flatMap((code) => [
      tell(code, plain, '2026-01-15'),
      tell(code, withCertificate, '2026-01-15'),
    ]),
    ...REFUSALS.map((alert) => tell(`ERR_SSL_TLSV1_ALERT_${alert}`, withCertificate, '2026-01-15', '')),
    tell('ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE', withCertificate, '2026-01-15', ''),
    explainUnusableIdentity(),
  ];
}

/** What token servers make go wrong, beside all that can go wrong on the way there. */
export function tokenFailures(): ToldFailure[] {
  const judge = (status: number, body: unknown, bodyTruncated = false) =>
    judgeTokenAnswer(
      {
        kind: 'response',
        status,
        headers: {},
        body: Buffer.from(JSON.stringify(body)),
        bodyTruncated,
        durationMs: 5,
      },
      'hunter2hunter2',
    );
  const answers = [
    judge(200, {}, true),
    judge(200, 'x'),
    judge(200, {}),
    judge(200, { access_token: 'a b' }),
    judge(200, { access_token: 'a'.repeat(10_000) }),
    judge(200, { access_token: 'a', token_type: 'mac' }),
    judge(200, { access_token: 'a', expires_in: -1 }),
    judge(302, {}),
    judge(503, {}),
    judge(400, {}),
    judge(400, { error: 'invalid_client', error_description: 'The client is not known' }),
    ...[...networkFailures(), ...tlsFailures()].map((failure) =>
      judgeTokenAnswer({ kind: 'failure', failure, durationMs: 5 } as never, 'hunter2hunter2'),
    ),
  ];
  return answers.flatMap((answer) => (answer.kind === 'failure' ? [answer.failure] : []));
}

/** Templates, each wrong in another way. */
const TEMPLATES: readonly (readonly [MimeType, string])[] = [
  ['text/plain', 'x'.repeat(300_000)],
  ['text/plain', '{% endif %}'],
  ['text/plain', '{% if a'],
  ['text/plain', '{{ a'],
  ['text/plain', '{% raw %}a'],
  ['text/plain', '{% if %}x{% endif %}'],
  ['text/plain', '{% include "a" %}'],
  ['text/plain', '{{ a | shout }}'],
  ['text/plain', '{% if a %}'.repeat(200)],
  ['text/plain', `{{ ${'a['.repeat(40)}1${']'.repeat(40)} }}`],
  ['text/plain', '{{ (1..5) }}'],
  ['text/plain', '$$Order.Id'],
  ['text/plain', '$$Order..Id$$'],
  ['text/plain', '$$Order.Id#N2$$'],
  ['text/plain', "$$Order.Id#0'$$"],
  ['text/plain', `$$Order.Id#${'0'.repeat(1_000)}$$`],
  ['text/plain', '<!-- RangeStart: -->'],
  ['text/plain', '<!-- RangeStart:Row -->'],
  ['text/plain', '<!-- RangeEnd:Row -->'],
  ['text/plain', '<!-- RangeStart:Row --><!-- RangeEnd:Other -->'],
  ['application/xml', '<!DOCTYPE a><a/>'],
  ['text/plain', '{% for a in (1..9999999) %}x{% endfor %}'],
  ['text/plain', '{% for a in (1..99999999999999999999) %}x{% endfor %}'],
  ['text/plain', '{{ 1 | divided_by: 0 }}'],
  ['text/plain', '{{ "x" | replace: long, "y" }}'],
  ['text/plain', '{{ "2026-03-13" | date: long }}'],
  ['application/json', '"\\{{ a }}"'],
  ['application/xml', '<a {{ "x" }}/>'],
  ['application/json', '{% if b %}x{% endif %}'],
  ['application/json', '[1'],
  ['application/json', '{'],
  ['application/json', '{"a"'],
  ['application/json', '{"a":'],
  ['application/json', '{"a":1,'],
  ['application/json', '['],
  ['application/json', '"a'],
  ['application/json', '"\\'],
  ['application/json', '"\\u0'],
  ['application/json', '"a\nb"'],
  ['application/json', '1 2'],
  ['application/json', '{"a" 1}'],
  ['application/json', '[hello]'],
  ['application/xml', '<a><b></a>'],
  ['application/xml', '<?xml version="1.1"?><a/>'],
  ['application/xml', '<?xml version="1.0" encoding="latin1"?><a/>'],
];

/** What goes wrong with templates, when they are read and when they are filled. */
export function templateFailures(): ToldFailure[] {
  const data = JSON.stringify({ a: 1, long: 'x'.repeat(1_000) });
  const wrong = TEMPLATES.flatMap(([mimeType, template]) => {
    const compiled = compilePayload({ mimeType, template });
    return 'errors' in compiled ? compiled.errors.slice(0, 1) : [rendered(compiled, data)];
  });
  const plain = compilePayload({ mimeType: 'text/plain', template: 'xxxx{{ a }}' }) as CompiledPayload;
  let clock = 0;
  const all = [
    ...wrong,
    rendered(plain, '{'),
    rendered(plain, data, { limits: { bodyBytes: 2 } }),
    rendered(plain, data, { limits: { work: 1_000, renderTimeMs: 1 }, now: () => (clock += 10) }),
  ];
  return all.map(({ code, message, params, line }) => ({
    code,
    reason: `was not sent, because of the template: ${message.replace(/\.$/, '')}`,
    params: { ...params, ...(line !== null && { line }) },
  }));
}

function rendered(
  compiled: CompiledPayload,
  data: string,
  options: Parameters<typeof renderPayload>[2] = {},
) {
  const made = renderPayload(compiled, { data, event: {} }, options);
  if ('error' in made) return made.error;
  throw new Error(`nothing is wrong with ${compiled.template.slice(0, 100)}`);
}
