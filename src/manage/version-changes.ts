import type { Change, Finding } from '../catalog/diff-finding.ts';
import { isBreaking } from '../catalog/diff-finding.ts';
import { valuesWithout } from '../catalog/diff-merge.ts';
import { diffVersions } from '../catalog/diff-versions.ts';
import type { EventType } from '../catalog/event-type.ts';
import { invalid } from '../errors.ts';

/** Which two versions of a payload are compared. */
export interface VersionsAsked {
  /** Default: the one before `to`. */
  readonly from?: string | undefined;
  /** Default: the newest. */
  readonly to?: string | undefined;
}

/** One thing that another version has otherwise. */
export interface VersionChange {
  /** In the payload: `order.items[].sku`; empty: the whole. */
  path: string;
  change: Change;
  /** Whether a receiver that relied on the old may fail on the new. */
  breaking: boolean;
  /** Of a rule: the keyword of the schema that says it. */
  keyword: string | null;
  /** What there was, as far as it can be told; of values that are listed those that are gone. */
  from: unknown;
  /** What there is; of values that are listed those that are new. */
  to: unknown;
  /** In English, to be read behind the path. */
  message: string;
}

/** What has changed from one version of an event type's payload to another. */
export interface VersionChanges {
  eventType: string;
  /** null: there is none before it. */
  from: string | null;
  /** null: the payload has but one form. */
  to: string | null;
  breaking: boolean;
  changes: VersionChange[];
}

// Descriptions and lists of values can be as long as the schema, and stand wherever it is referred to.
const MAX_TEXT_CHARS = 500;
const MAX_VALUES = 30;
const MAX_VALUE_CHARS = 100;

/**
 * @throws WaybillError `validation_failed` for a version the type hasn't
 */
export function versionChanges(type: EventType, asked: VersionsAsked): VersionChanges {
  const versions = [...type.versions.keys()];
  const to = chosen('to', asked.to, versions) ?? versions.at(-1) ?? null;
  const before = to === null ? undefined : versions[versions.indexOf(to) - 1];
  const from = chosen('from', asked.from, versions) ?? before ?? null;
  const findings = from === null || to === null ? [] : diffVersions(type, from, to);
  return {
    eventType: type.name,
    from,
    to,
    breaking: isBreaking(findings),
    changes: findings.map(changeOf),
  };
}

function chosen(
  path: 'from' | 'to',
  asked: string | undefined,
  versions: readonly string[],
): string | undefined {
  if (asked === undefined || versions.includes(asked)) return asked;
  const message = versions.length > 0 ? `must be one of ${versions.join(', ')}` : 'there are no versions';
  throw invalid([{ path, code: 'not_allowed', message }]);
}

function changeOf({ path, change, breaking, keyword, from, to, message }: Finding): VersionChange {
  const areListed = Array.isArray(from) && Array.isArray(to);
  return {
    path,
    change,
    breaking,
    keyword: keyword ?? null,
    from: shown(areListed ? valuesWithout(from, to) : from),
    to: shown(areListed ? valuesWithout(to, from) : to),
    message: cut(message),
  };
}

function shown(value: unknown): unknown {
  if (typeof value === 'string') return cut(value);
  return Array.isArray(value) ? value.slice(0, MAX_VALUES).map(shownInList) : (value ?? null);
}

function shownInList(value: unknown): unknown {
  const text = JSON.stringify(value);
  return text.length <= MAX_VALUE_CHARS ? value : cut(text, MAX_VALUE_CHARS);
}

function cut(text: string, maxChars = MAX_TEXT_CHARS): string {
  if (text.length <= maxChars) return text;
  return `${text.slice(0, maxChars - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
