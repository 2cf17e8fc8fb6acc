import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { accountPath, get, type Listing } from '../api.ts';
import { relativeTime, useNow } from '../components/time.tsx';
import type { EventView } from '../data/events.ts';
import { formatLocale } from '../i18n.ts';

const SHOWN = 30;

/** Which real event to try something with; none: the sample of the first type. */
export function EventChoice({
  account,
  eventId,
  onChange,
}: {
  account: string;
  eventId: string | null;
  onChange: (id: string | null) => void;
}) {
  const { t, i18n } = useTranslation();
  const now = useNow();
  const path = accountPath(account, 'events');
  const { data } = useQuery({
    queryKey: [path, 'newest'],
    queryFn: async ({ signal }) => (await get<Listing<EventView>>(path, { limit: SHOWN }, signal)).data,
    staleTime: 10_000,
  });
  const label = ({ type, subject, receivedAt }: EventView) =>
    [
      type,
      subject,
      relativeTime(Date.parse(receivedAt), now, formatLocale(i18n.language), t('common.justNow')),
    ]
      .filter((part) => part !== null)
      .join(' · ');
  return (
    <Select
      aria-label={t('webhooks.tryWith')}
      placeholder={t('webhooks.tryWithSample')}
      clearable
      searchable
      maw={460}
      data={(data ?? []).map((event) => ({ value: event.id, label: label(event) }))}
      value={eventId}
      onChange={onChange}
    />
  );
}
