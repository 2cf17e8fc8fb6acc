import { Select, type SelectProps } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { relativeTime, useNow } from '../components/time.tsx';
import type { EventView } from '../data/events.ts';
import { foundEventsQuery, newestBySubject } from '../data/found-events.ts';
import { formatLocale } from '../i18n.ts';

const TYPING_MS = 300;

interface Props {
  readonly account: string;
  readonly value: EventView | null;
  readonly onChange: (value: EventView | null) => void;
}

/** Which real event to try something with; none: the sample of the first type. */
export function EventChoice(props: Props) {
  const { t } = useTranslation();
  return (
    <FoundEvents
      {...props}
      aria-label={t('webhooks.tryWith')}
      placeholder={t('webhooks.tryWithSample')}
      maw={460}
    />
  );
}

/** Which order, or what else events of some types are about; by its number, too. */
export function SubjectChoice({ types, ...props }: Props & { types: readonly string[] | undefined }) {
  const { t } = useTranslation();
  return (
    <FoundEvents
      {...props}
      types={types}
      narrow={newestBySubject}
      label={t('webhooks.payload.subject')}
      description={t('webhooks.payload.subjectHint')}
      placeholder="12345"
    />
  );
}

interface FoundProps extends Props, Omit<SelectProps, 'value' | 'onChange' | 'data'> {
  readonly types?: readonly string[] | undefined;
  /** Which of those found can be chosen. */
  readonly narrow?: (events: readonly EventView[]) => readonly EventView[];
}

/** A choice among the newest events, and among those that are found by what is typed. */
function FoundEvents({ account, types, narrow, value, onChange, ...props }: FoundProps) {
  const { t, i18n } = useTranslation();
  const now = useNow();
  const [typed, setTyped] = useState('');
  // What was chosen stands in the field as if it had been typed; so its text is one that time doesn't change.
  const chosen = value && { value: value.id, label: labelOf(value.type, value.subject) };
  const [text] = useDebouncedValue(typed === chosen?.label ? '' : typed.trim(), TYPING_MS);
  const { data } = useQuery(foundEventsQuery({ account, types, text }));
  const found = narrow ? narrow(data ?? []) : (data ?? []);
  const ago = ({ receivedAt }: EventView) =>
    relativeTime(Date.parse(receivedAt), now, formatLocale(i18n.language), t('common.justNow'));
  const options = found
    .filter(({ id }) => id !== chosen?.value)
    .map((event) => ({ value: event.id, label: labelOf(event.type, event.subject, ago(event)) }));
  return (
    <Select
      {...props}
      clearable
      searchable
      nothingFoundMessage={t('webhooks.noEventFound')}
      filter={({ options: all }) => all}
      data={chosen ? [...options, chosen] : options}
      value={chosen?.value ?? null}
      searchValue={typed}
      onSearchChange={setTyped}
      onChange={(id) => onChange(found.find((event) => event.id === id) ?? null)}
    />
  );
}

function labelOf(...parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null).join(' · ');
}
