import { Tooltip, VisuallyHidden } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { formatLocale } from '../i18n.ts';
import { useShownTimes } from './shown-times.ts';

const TICK_MS = 10_000;
const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

// One clock for the page: a hundred times that tick apart would flicker.
let now = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function tick(): void {
  now = Date.now();
  for (const listener of listeners) listener();
}

/** Milliseconds since 1970, new every ten seconds. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}

interface TimeProps {
  readonly at: string | null;
  /** Whether the keyboard reaches it; only where the exact time matters, or there would be nothing but stops. */
  readonly focusable?: boolean;
}

/**
 * How long ago, in the viewer's words, or the exact time in the viewer's zone, as they have chosen. The exact one is always
 * there on hover and for screen readers, and on focus where it is focusable.
 */
export function Time({ at, focusable = false }: TimeProps) {
  const { t, i18n } = useTranslation();
  const nowMs = useNow();
  const shown = useShownTimes();
  if (at === null) return <span>{t('common.never')}</span>;
  const language = formatLocale(i18n.language);
  const exact = exactTime(at, language);
  const latest = Math.max(nowMs, Date.now() - TICK_MS);
  return (
    <Tooltip label={exact} events={{ hover: true, focus: focusable, touch: true }}>
      <time dateTime={at} style={{ whiteSpace: 'nowrap' }} {...(focusable && { tabIndex: 0 })}>
        {shown === 'exact' ? (
          secondsOf(at, language)
        ) : (
          <>
            {relativeTime(Date.parse(at), latest, language, t('common.justNow'))}
            <VisuallyHidden> ({exact})</VisuallyHidden>
          </>
        )}
      </time>
    </Tooltip>
  );
}

/** When something is to happen: what should have by now is due now. */
export function Due({ at }: { at: string }) {
  const { t } = useTranslation();
  return Date.parse(at) <= useNow() ? <span>{t('common.dueNow')}</span> : <Time at={at} />;
}

/** The same without what few need, so that a column of them stays narrow. */
function secondsOf(at: string, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'short', timeStyle: 'medium' }).format(
    Date.parse(at),
  );
}

/** The exact time, in the viewer's zone, with the zone's name. */
export function exactTime(at: string, language: string): string {
  return new Intl.DateTimeFormat(language, {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    timeZoneName: 'short',
  }).format(Date.parse(at));
}

/** `2 hours ago`, `in 5 minutes`; what is less than five seconds away is `justNow`. */
export function relativeTime(atMs: number, nowMs: number, language: string, justNow: string): string {
  const seconds = Math.round((atMs - nowMs) / 1000);
  if (Math.abs(seconds) < 5) return justNow;
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' });
  for (const [unit, size] of UNITS) {
    if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit);
  }
  return format.format(seconds, 'second');
}

/** What is below a bound is told in its unit: 119 s, and then 2 min. */
const DURATIONS = [
  ['millisecond', 1, 1_000],
  ['second', 1_000, 120_000],
  ['minute', 60_000, 7_200_000],
  ['hour', 3_600_000, 172_800_000],
  ['day', 86_400_000, Number.POSITIVE_INFINITY],
] as const;

/** `12 ms`, `1.4 s`, `2 min`, `3 h`. */
export function duration(ms: number, language: string): string {
  const [unit, size] = DURATIONS.find(([, , bound]) => ms < bound) ?? DURATIONS[0];
  const value = ms / size;
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumSignificantDigits: value < 100 ? 2 : 3,
  }).format(value);
}
