import type { HeaderPart, Plan } from './plan.ts';
import {
  camelCase,
  joined,
  lines,
  needsOf,
  purposeOf,
  quoted,
  runsOf,
  SAID,
  TOLERANCE_SECONDS,
  type Writing,
} from './writing.ts';

const WRITING: Writing = {
  text: (text) => quoted(text, "'"),
  variable: camelCase,
  empty: "''",
  plus: ' + ',
};

/** @returns a module for Node with a handler for Express */
export function nodeExample(plan: Plan): string {
  const needs = needsOf(plan);
  return lines(
    '// npm install express',
    '// app.post("/webhooks", receive): before any middleware that parses bodies',
    needs.ed25519
      ? "import { createPublicKey, verify } from 'node:crypto';"
      : "import { createHmac, timingSafeEqual } from 'node:crypto';",
    "import express from 'express';",
    '',
    ...keys(plan),
    '',
    `// ${purposeOf(plan)}`,
    'export function isSigned(headers, body) {',
    ...plan.values.map((value) => `  const ${camelCase(value.words)} = ${read(value)};`),
    ...age(plan),
    `  const content = ${contentOf(plan)};`,
    `  const signatures = ${signaturesOf(plan)};`,
    '  return KEYS.some((key) => signatures.some((signature) => matches(signature, content, key)));',
    '',
    ...(needs.ed25519 ? ed25519(plan) : hmac(plan)),
    '}',
    ...(needs.pattern
      ? ['', 'function part(text, pattern) {', "  return pattern.exec(text)?.[1] ?? '';", '}']
      : []),
    '',
    'export const receive = [',
    "  express.raw({ type: () => true, limit: '10mb' }),",
    '  (request, response) => {',
    '    if (!Buffer.isBuffer(request.body) || !isSigned(request.headers, request.body)) {',
    '      return response.sendStatus(401);',
    '    }',
    `    // ${SAID.accepted}`,
    `    return response.sendStatus(${plan.success});`,
    '  },',
    '];',
    '',
  );
}

function keys(plan: Plan): string[] {
  const { variable, prefix } = needsOf(plan);
  const bytes = prefix ? `Buffer.from(key.replace('${prefix}', ''), 'base64')` : 'Buffer.from(key)';
  return [
    `// ${SAID.keys}`,
    `const KEYS = (process.env.${variable} ?? '').split(' ').map((key) => ${bytes});`,
    `if (KEYS.some((key) => key.length < ${plan.minKeyBytes})) throw new Error('${variable} is not set, or cut off');`,
    ...(plan.timestamp ? [`const TOLERANCE_SECONDS = ${TOLERANCE_SECONDS};`] : []),
  ];
}

function read({ header, pattern }: HeaderPart): string {
  const text = `headers['${header.toLowerCase()}'] ?? ''`;
  return pattern === null ? text : `part(${text}, /${pattern}/)`;
}

function age({ timestamp }: Plan): string[] {
  if (!timestamp) return [];
  return [
    `  const ageSeconds = Date.now() / 1000 - Number(${camelCase(timestamp)});`,
    '  if (!(Math.abs(ageSeconds) <= TOLERANCE_SECONDS)) return false;',
  ];
}

function contentOf({ content }: Plan): string {
  const runs = runsOf(content).map((run) => (run === 'body' ? run : `Buffer.from(${joined(run, WRITING)})`));
  return runs.length === 1 ? (runs[0] as string) : `Buffer.concat([${runs.join(', ')}])`;
}

function signaturesOf({ signatures }: Plan): string {
  const text = read(signatures);
  if (signatures.separator === null) return `[${text}]`;
  const whole = signatures.pattern === null ? `(${text})` : text;
  return `${whole}.split(${quoted(signatures.separator, "'")})`;
}

function hmac(plan: Plan): string[] {
  const made = `createHmac('${needsOf(plan).sha512 ? 'sha512' : 'sha256'}', key).update(content).digest('${plan.encoding}')`;
  const expected = [
    ...plan.before.map((piece) => joined([piece], WRITING)),
    made,
    ...plan.after.map((piece) => joined([piece], WRITING)),
  ];
  return [
    '  function matches(signature, content, key) {',
    '    const given = Buffer.from(signature);',
    `    const expected = Buffer.from(${expected.join(' + ')});`,
    '    return given.length === expected.length && timingSafeEqual(given, expected);',
    '  }',
  ];
}

function ed25519(plan: Plan): string[] {
  return [
    '  function matches(signature, content, key) {',
    `    const [before, after] = [${joined(plan.before, WRITING)}, ${joined(plan.after, WRITING)}];`,
    '    if (!signature.startsWith(before) || !signature.endsWith(after)) return false;',
    '    const text = signature.slice(before.length, signature.length - after.length);',
    "    const jwk = { kty: 'OKP', crv: 'Ed25519', x: key.toString('base64url') };",
    `    return verify(null, content, createPublicKey({ key: jwk, format: 'jwk' }), Buffer.from(text, '${plan.encoding}'));`,
    '  }',
  ];
}
