import type { HeaderPart, Plan } from './plan.ts';
import {
  joined,
  lines,
  needsOf,
  purposeOf,
  quoted,
  runsOf,
  SAID,
  snakeCase,
  TOLERANCE_SECONDS,
  type Writing,
} from './writing.ts';

const WRITING: Writing = {
  text: (text) => quoted(text, '"'),
  variable: snakeCase,
  empty: '""',
  plus: ' + ',
};

/** @returns a module for Python with a handler for Flask */
export function pythonExample(plan: Plan): string {
  const needs = needsOf(plan);
  const base64 = plan.encoding === 'base64' || needs.prefix !== null;
  return lines(
    `# pip install flask${needs.ed25519 ? ' cryptography' : ''}`,
    base64 && 'import base64',
    !needs.ed25519 && 'import hashlib',
    !needs.ed25519 && 'import hmac',
    'import os',
    (needs.pattern || plan.timestamp !== null) && 'import re',
    plan.timestamp !== null && 'import time',
    '',
    needs.ed25519 && 'from cryptography.exceptions import InvalidSignature',
    needs.ed25519 && 'from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey',
    'from flask import Flask, request',
    '',
    ...keys(plan),
    '',
    '',
    `# ${purposeOf(plan)}`,
    'def is_signed(headers, body):',
    ...plan.values.map((value) => `    ${snakeCase(value.words)} = ${read(value)}`),
    ...age(plan),
    `    content = ${contentOf(plan)}`,
    `    signatures = ${signaturesOf(plan)}`,
    '',
    ...(needs.ed25519 ? ed25519(plan) : hmac(plan)),
    '',
    '    return any(matches(signature, key) for key in KEYS for signature in signatures)',
    ...(needs.pattern
      ? [
          '',
          '',
          'def part(text, pattern):',
          '    found = re.search(pattern, text)',
          '    return found.group(1) if found else ""',
        ]
      : []),
    '',
    '',
    'app = Flask(__name__)',
    '',
    '',
    '@app.post("/webhooks")',
    'def receive():',
    '    if not is_signed(request.headers, request.get_data()):',
    '        return "", 401',
    `    # ${SAID.accepted}`,
    `    return "", ${plan.success}`,
    '',
  );
}

function keys(plan: Plan): string[] {
  const { variable, prefix } = needsOf(plan);
  const bytes = prefix ? `base64.b64decode(key.removeprefix("${prefix}"))` : 'key.encode()';
  return [
    `# ${SAID.keys}`,
    `KEYS = [${bytes} for key in os.environ["${variable}"].split(" ")]`,
    `if any(len(key) < ${plan.minKeyBytes} for key in KEYS):`,
    `    raise RuntimeError("${variable} is not set, or cut off")`,
    ...(plan.timestamp ? [`TOLERANCE_SECONDS = ${TOLERANCE_SECONDS}`] : []),
  ];
}

function read({ header, pattern }: HeaderPart): string {
  const text = `headers.get("${header}", "")`;
  return pattern === null ? text : `part(${text}, r"${pattern}")`;
}

function age({ timestamp }: Plan): string[] {
  if (!timestamp) return [];
  const name = snakeCase(timestamp);
  return [
    `    if not re.fullmatch("[0-9]{1,12}", ${name}) or abs(time.time() - int(${name})) > TOLERANCE_SECONDS:`,
    '        return False',
  ];
}

function contentOf({ content }: Plan): string {
  const runs = runsOf(content).map((run) => {
    if (run === 'body') return run;
    const text = joined(run, WRITING);
    return run.length === 1 ? `${text}.encode()` : `(${text}).encode()`;
  });
  return runs.join(' + ');
}

function signaturesOf({ signatures }: Plan): string {
  const text = read(signatures);
  return signatures.separator === null ? `[${text}]` : `${text}.split(${quoted(signatures.separator, '"')})`;
}

function hmac(plan: Plan): string[] {
  const digest = `hmac.new(key, content, hashlib.${needsOf(plan).sha512 ? 'sha512' : 'sha256'})`;
  const made =
    plan.encoding === 'hex' ? `${digest}.hexdigest()` : `base64.b64encode(${digest}.digest()).decode()`;
  const expected = [
    ...plan.before.map((piece) => joined([piece], WRITING)),
    made,
    ...plan.after.map((piece) => joined([piece], WRITING)),
  ];
  return [
    '    def matches(signature, key):',
    `        expected = ${expected.join(' + ')}`,
    '        return hmac.compare_digest(signature.encode(), expected.encode())',
  ];
}

function ed25519(plan: Plan): string[] {
  const decode = plan.encoding === 'hex' ? 'bytes.fromhex(text)' : 'base64.b64decode(text)';
  return [
    '    def matches(signature, key):',
    `        before, after = ${joined(plan.before, WRITING)}, ${joined(plan.after, WRITING)}`,
    '        if not (signature.startswith(before) and signature.endswith(after)):',
    '            return False',
    '        text = signature[len(before) : len(signature) - len(after)]',
    '        try:',
    `            Ed25519PublicKey.from_public_bytes(key).verify(${decode}, content)`,
    '        except (InvalidSignature, ValueError):',
    '            return False',
    '        return True',
  ];
}
