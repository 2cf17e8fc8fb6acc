import type { HeaderPart, Plan } from './plan.ts';
import {
  joined,
  lines,
  needsOf,
  purposeOf,
  quoted,
  SAID,
  snakeCase,
  TOLERANCE_SECONDS,
  type Writing,
} from './writing.ts';

const WRITING: Writing = {
  text: (text) => quoted(text, "'"),
  variable: snakeCase,
  empty: "''",
  plus: ' + ',
};

/** @returns a module for Ruby 3 that is an application of Rack, which Rails and Sinatra mount */
export function rubyExample(plan: Plan): string {
  const needs = needsOf(plan);
  return lines(
    "# Rails: post '/webhooks', to: Webhooks. Without Rails, in config.ru: run Webhooks.",
    "require 'openssl'",
    '',
    'module Webhooks',
    ...keys(plan),
    '',
    `  # ${purposeOf(plan)}`,
    '  def self.signed?(env, body)',
    ...plan.values.map((value) => `    ${snakeCase(value.words)} = ${read(value)}`),
    ...age(plan),
    `    content = ${contentOf(plan)}`,
    `    signatures = ${signaturesOf(plan)}`,
    '    KEYS.any? do |key|',
    '      signatures.any? do |signature|',
    ...(needs.ed25519 ? ed25519(plan) : hmac(plan)),
    '      end',
    '    end',
    '  end',
    ...(needs.ed25519
      ? [
          '',
          '  def self.verifies?(key, signature, content)',
          "    public_key = OpenSSL::PKey.read(['302a300506032b6570032100'].pack('H*') + key)",
          '    public_key.verify(nil, signature, content)',
          '  rescue OpenSSL::PKey::PKeyError',
          '    false',
          '  end',
        ]
      : []),
    '',
    '  def self.call(env)',
    "    body = env['rack.input'].read",
    '    return [401, {}, []] unless signed?(env, body)',
    '',
    `    # ${SAID.accepted}`,
    `    [${plan.success}, {}, []]`,
    '  end',
    'end',
    '',
  );
}

function keys(plan: Plan): string[] {
  const { variable, prefix } = needsOf(plan);
  const bytes = prefix ? `key.delete_prefix('${prefix}').unpack1('m')` : 'key';
  return [
    `  # ${SAID.keys}`,
    `  KEYS = ENV.fetch('${variable}').split(' ').map { |key| ${bytes} }`,
    `  raise '${variable} is not set, or cut off' if KEYS.empty? || KEYS.any? { |key| key.bytesize < ${plan.minKeyBytes} }`,
    ...(plan.timestamp ? [`  TOLERANCE_SECONDS = ${TOLERANCE_SECONDS}`] : []),
  ];
}

/** Headers have names of their own in Rack. */
function read({ header, pattern }: HeaderPart): string {
  const text = `env.fetch('HTTP_${header.toUpperCase().replaceAll('-', '_')}', '')`;
  return pattern === null ? text : `${text}[/${pattern}/, 1].to_s`;
}

function age({ timestamp }: Plan): string[] {
  if (!timestamp) return [];
  const name = snakeCase(timestamp);
  return [
    `    return false unless ${name}.match?(/\\A[0-9]{1,12}\\z/)`,
    `    return false if (Time.now.to_i - ${name}.to_i).abs > TOLERANCE_SECONDS`,
  ];
}

function contentOf({ content }: Plan): string {
  return content
    .map((piece) => (piece.kind === 'body' ? 'body' : joined([piece], WRITING)))
    .join(WRITING.plus);
}

function signaturesOf({ signatures }: Plan): string {
  const text = read(signatures);
  return signatures.separator === null ? `[${text}]` : `${text}.split(${quoted(signatures.separator, "'")})`;
}

function hmac(plan: Plan): string[] {
  const algorithm = needsOf(plan).sha512 ? 'SHA512' : 'SHA256';
  const made =
    plan.encoding === 'hex'
      ? `OpenSSL::HMAC.hexdigest('${algorithm}', key, content)`
      : `[OpenSSL::HMAC.digest('${algorithm}', key, content)].pack('m0')`;
  const expected = [
    ...plan.before.map((piece) => joined([piece], WRITING)),
    made,
    ...plan.after.map((piece) => joined([piece], WRITING)),
  ];
  return [
    `        expected = ${expected.join(' + ')}`,
    '        OpenSSL.secure_compare(expected, signature)',
  ];
}

function ed25519(plan: Plan): string[] {
  const decode = plan.encoding === 'hex' ? "[text].pack('H*')" : "text.unpack1('m')";
  return [
    `        before = ${joined(plan.before, WRITING)}`,
    `        after = ${joined(plan.after, WRITING)}`,
    '        next false unless signature.start_with?(before) && signature.end_with?(after)',
    '',
    '        text = signature.delete_prefix(before).delete_suffix(after)',
    `        verifies?(key, ${decode}, content)`,
  ];
}
