import type { Signature, WireFormat } from '../profile/profile.ts';
import { templateText } from './describe/template-pattern.ts';
import { diffBody } from './diff-body.ts';
import { breaks, type Finding, keeps } from './diff-finding.ts';

/** Tells what of two wire formats differs, but for what is sent of the events of each type. */
export function diffFormats(old: WireFormat, next: WireFormat): Finding[] {
  return [
    ...diffBody(old, next),
    ...diffBatch(old, next),
    ...diffHeaders(old, next),
    ...diffSignatures(old.signatures, next.signatures),
    ...diffConduct(old, next),
  ];
}

/** Receivers that get several events in one request read them as they were told to. */
function diffBatch({ batch: old }: WireFormat, { batch: next }: WireFormat): Finding[] {
  const [from, to] = [shown(old), shown(next)];
  if (from === to) return [];
  return [breaks('batch', 'meaning_changed', `was ${from}, and is ${to}`, old, next)];
}

/** Names of headers are the same in any case (RFC 9110, 5.1), but are told as they are written. */
function byName<T>(headers: readonly (readonly [name: string, value: T])[]) {
  return new Map(headers.map(([name, value]) => [name.toLowerCase(), { name, value }]));
}

function diffHeaders(old: WireFormat, next: WireFormat): Finding[] {
  const texts = ({ headers }: WireFormat) =>
    byName(Object.entries(headers).map(([name, template]) => [name, templateText(template)]));
  const [was, is] = [texts(old), texts(next)];
  const changed = [...was].flatMap(([key, { name, value: from }]) => {
    const to = is.get(key)?.value;
    if (to === from) return [];
    const path = `header ${name}`;
    return to === undefined
      ? [breaks(path, 'gone', 'is gone', from)]
      : [breaks(path, 'meaning_changed', `was ${from}, and is ${to}`, from, to)];
  });
  const fresh = [...is].filter(([key]) => !was.has(key)).map(([, one]) => one);
  return [
    ...changed,
    ...fresh.map(({ name, value }) => keeps(`header ${name}`, 'new', 'is new', undefined, value)),
  ];
}

function diffSignatures(old: readonly Signature[], next: readonly Signature[]): Finding[] {
  const named = (all: readonly Signature[]) => byName(all.map((one) => [one.header, one]));
  const [was, is] = [named(old), named(next)];
  const changed = [...was].flatMap(([key, { name, value }]) => {
    const now = is.get(key)?.value;
    const path = `signature in ${name}`;
    return now ? diffSignature(value, now, path) : [breaks(path, 'gone', 'is gone', name)];
  });
  const fresh = [...is].filter(([key]) => !was.has(key)).map(([, { name }]) => name);
  return [
    ...changed,
    ...fresh.map((name) => keeps(`signature in ${name}`, 'new', 'is new', undefined, name)),
  ];
}

/** Of everything that makes a signature, since a receiver makes the same one and compares. */
function diffSignature(old: Signature, next: Signature, path: string): Finding[] {
  const [was, is] = [partsOf(old), partsOf(next)];
  return Object.entries(was).flatMap(([part, from]) => {
    const to = is[part];
    if (from === to || to === undefined) return [];
    return [breaks(`${path}: ${part}`, 'meaning_changed', `was ${from}, and is ${to}`, from, to)];
  });
}

function partsOf(signature: Signature): Record<string, string> {
  const { algorithm, encoding, key, content, each, value, secrets, separator } = signature;
  return {
    algorithm,
    encoding,
    key,
    content: templateText(content),
    each: templateText(each),
    value: templateText(value),
    secrets,
    // Of one signature nothing is separated.
    ...(secrets === 'all' ? { separator: JSON.stringify(separator) } : {}),
  };
}

/** Compares what isn't in the request: what acknowledges it, which URLs it goes to, when it is repeated. */
function diffConduct(old: WireFormat, next: WireFormat): Finding[] {
  const findings = diffSuccess(old, next);
  if (next.httpsOnly && !old.httpsOnly) {
    findings.push(breaks('URLs', 'limit_tightened', 'must be https, and could be http', false, true));
  }
  if (old.httpsOnly && !next.httpsOnly) {
    findings.push(keeps('URLs', 'limit_loosened', 'may be http, and had to be https', true, false));
  }
  const others = [
    ['User-Agent', old.userAgent, next.userAgent],
    ['retries', old.retry?.schedule, next.retry?.schedule],
    ['failing', old.failing, next.failing],
  ] as const;
  for (const [path, from, to] of others) {
    if (JSON.stringify(from) === JSON.stringify(to)) continue;
    findings.push(keeps(path, 'rule_changed', `was ${shown(from)}, and is ${shown(to)}`, from, to));
  }
  return findings;
}

function shown(value: unknown): string {
  if (value === undefined) return 'the usual one';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function diffSuccess({ success: from }: WireFormat, { success: to }: WireFormat): Finding[] {
  const [was, is] = [statusesOf(from), statusesOf(to)];
  const lost = was.filter((status) => !is.includes(status));
  const [fromText, toText] = [from, to].map((one) => [one].flat().join(', '));
  const message = `was ${fromText}, and is ${toText}`;
  if (lost.length > 0) return [breaks('success statuses', 'values_removed', message, from, to)];
  return is.length > was.length ? [keeps('success statuses', 'values_added', message, from, to)] : [];
}

function statusesOf(success: WireFormat['success']): number[] {
  return success === '2xx' ? Array.from({ length: 100 }, (_, index) => 200 + index) : [...new Set(success)];
}
