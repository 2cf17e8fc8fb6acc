import { type ComboboxItem, Select, type SelectProps } from '@mantine/core';
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
  readonly value: string | null;
  readonly onChange: (value: string | null) => void;
}

/** Which real event to try something with; none: the sample of the first type. */
export function EventChoice({ account, value, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <FoundEvents
      account={account}
      value={value}
      onChange={onChange}
      optionsOf={(events, ago) =>
        events.map((event) => ({ value: event.id, label: labelOf(event.type, event.subject, ago(event)) }))
      }
      aria-label={t('webhooks.tryWith')}
      placeholder={t('webhooks.tryWithSample')}
      maw={460}
    />
  );
}

/** Which order, or what else events are about; by its number, too. */
export function SubjectChoice({ account, eventType, value, onChange }: Props & { eventType: string }) {
  const { t } = useTranslation();
  return (
    <FoundEvents
      account={account}
      type={eventType}
      value={value}
      onChange={onChange}
      optionsOf={(events, ago) =>
        newestBySubject(events).map((event) => {
          return { value: event.subject ?? '', label: labelOf(event.subject, ago(event)) };
        })
      }
      label={t('webhooks.payload.subject')}
      description={t('webhooks.payload.subjectHint')}
      placeholder="12345"
    />
  );
}

type Ago = (event: EventView) => string;

interface FoundProps extends Props, Omit<SelectProps, 'value' | 'onChange' | 'data' | 'type'> {
  readonly type?: string;
  readonly optionsOf: (events: readonly EventView[], ago: Ago) => ComboboxItem[];
}

/** A choice among the newest events, and among those that are found by what is typed. */
function FoundEvents({ account, type, value, onChange, optionsOf, ...props }: FoundProps) {
  const { t, i18n } = useTranslation();
  const now = useNow();
  const [chosen, setChosen] = useState<ComboboxItem | null>(null);
  const [typed, setTyped] = useState('');
  // What was chosen stands in the field as if it had been typed.
  const [text] = useDebouncedValue(typed === chosen?.label ? '' : typed.trim(), TYPING_MS);
  const { data } = useQuery(foundEventsQuery({ account, type, text }));
  const ago: Ago = ({ receivedAt }) =>
    relativeTime(Date.parse(receivedAt), now, formatLocale(i18n.language), t('common.justNow'));
  const options = optionsOf(data ?? [], ago);
  const isKept = chosen !== null && !options.some((option) => option.value === chosen.value);
  return (
    <Select
      {...props}
      clearable
      searchable
      nothingFoundMessage={t('webhooks.noEventFound')}
      filter={({ options: found }) => found}
      data={
        isKept ? [...options, chosen] : options.map((one) => (one.value === chosen?.value ? chosen : one))
      }
      value={value}
      searchValue={typed}
      onSearchChange={setTyped}
      onChange={(next, option) => {
        setChosen(next === null ? null : option);
        onChange(next);
      }}
    />
  );
}

function labelOf(...parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null).join(' · ');
}
