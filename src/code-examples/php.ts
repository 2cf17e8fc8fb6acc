import type { HeaderPart, Plan } from './plan.ts';
import {
  camelCase,
  joined,
  lines,
  needsOf,
  purposeOf,
  quoted,
  SAID,
  TOLERANCE_SECONDS,
  type Writing,
} from './writing.ts';

const WRITING: Writing = {
  text: (text) => quoted(text, "'"),
  variable: (words) => `$${camelCase(words)}`,
  empty: "''",
  plus: ' . ',
};

/** @returns a page for PHP 8 that is the handler itself */
export function phpExample(plan: Plan): string {
  const needs = needsOf(plan);
  return lines(
    '<?php',
    needs.ed25519 && '// With the extension sodium, which comes along with PHP.',
    'declare(strict_types=1);',
    '',
    ...keys(plan),
    '',
    `// ${purposeOf(plan)}`,
    'function is_signed(array $headers, string $body): bool',
    '{',
    ...plan.values.map((value) => `    $${camelCase(value.words)} = ${read(value)};`),
    ...age(plan),
    `    $content = ${contentOf(plan)};`,
    `    $signatures = ${signaturesOf(plan)};`,
    '    foreach (KEYS as $key) {',
    '        foreach ($signatures as $signature) {',
    ...(needs.ed25519 ? ed25519(plan) : hmac(plan)),
    '        }',
    '    }',
    '    return false;',
    '}',
    ...(needs.pattern
      ? [
          '',
          'function part(string $text, string $pattern): string',
          '{',
          "    return preg_match($pattern, $text, $found) === 1 ? $found[1] : '';",
          '}',
        ]
      : []),
    '',
    '$headers = array_change_key_case(getallheaders());',
    "$body = file_get_contents('php://input');",
    'if (!is_signed($headers, $body)) {',
    '    http_response_code(401);',
    '    exit;',
    '}',
    `// ${SAID.accepted}`,
    `http_response_code(${plan.success});`,
    '',
  );
}

function keys(plan: Plan): string[] {
  const { variable, prefix } = needsOf(plan);
  const bytes = prefix ? `base64_decode(str_replace('${prefix}', '', $key))` : '$key';
  return [
    `// ${SAID.keys}`,
    `define('KEYS', array_map(fn (string $key) => ${bytes}, explode(' ', (string) getenv('${variable}'))));`,
    'foreach (KEYS as $key) {',
    `    if (strlen($key) < ${plan.minKeyBytes}) throw new RuntimeException('${variable} is not set, or cut off');`,
    '}',
    ...(plan.timestamp ? [`const TOLERANCE_SECONDS = ${TOLERANCE_SECONDS};`] : []),
  ];
}

function read({ header, pattern }: HeaderPart): string {
  const text = `$headers['${header.toLowerCase()}'] ?? ''`;
  return pattern === null ? text : `part(${text}, '/${pattern}/')`;
}

function age({ timestamp }: Plan): string[] {
  if (!timestamp) return [];
  const name = `$${camelCase(timestamp)}`;
  return [
    `    if (preg_match('/^[0-9]{1,12}$/', ${name}) !== 1) return false;`,
    `    if (abs(time() - (int) ${name}) > TOLERANCE_SECONDS) return false;`,
  ];
}

function contentOf({ content }: Plan): string {
  return content
    .map((piece) => (piece.kind === 'body' ? '$body' : joined([piece], WRITING)))
    .join(WRITING.plus);
}

function signaturesOf({ signatures }: Plan): string {
  const text = read(signatures);
  return signatures.separator === null
    ? `[${text}]`
    : `explode(${quoted(signatures.separator, "'")}, ${text})`;
}

function hmac(plan: Plan): string[] {
  const algorithm = needsOf(plan).sha512 ? 'sha512' : 'sha256';
  const made =
    plan.encoding === 'hex'
      ? `hash_hmac('${algorithm}', $content, $key)`
      : `base64_encode(hash_hmac('${algorithm}', $content, $key, true))`;
  const expected = [
    ...plan.before.map((piece) => joined([piece], WRITING)),
    made,
    ...plan.after.map((piece) => joined([piece], WRITING)),
  ];
  return [
    `            $expected = ${expected.join(' . ')};`,
    '            if (hash_equals($expected, $signature)) return true;',
  ];
}

function ed25519(plan: Plan): string[] {
  const decode =
    plan.encoding === 'hex'
      ? "(string) (ctype_xdigit($text) && strlen($text) % 2 === 0 ? hex2bin($text) : '')"
      : '(string) base64_decode($text)';
  return [
    `            $before = ${joined(plan.before, WRITING)};`,
    `            $after = ${joined(plan.after, WRITING)};`,
    '            if (!str_starts_with($signature, $before) || !str_ends_with($signature, $after)) continue;',
    '            $text = substr($signature, strlen($before), strlen($signature) - strlen($before) - strlen($after));',
    `            $bytes = ${decode};`,
    '            if (strlen($bytes) !== SODIUM_CRYPTO_SIGN_BYTES) continue;',
    '            if (sodium_crypto_sign_verify_detached($bytes, $content, $key)) return true;',
  ];
}
