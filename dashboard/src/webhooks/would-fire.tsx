import { Stack } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ExplanationView } from '../components/explanation-view.tsx';
import { Panel } from '../components/page.tsx';
import type { EventView } from '../data/events.ts';
import { wouldFireQuery } from '../data/what-ifs.ts';
import { bodyOf } from './draft.ts';
import type { TabProps } from './editor.tsx';
import { EventChoice } from './event-choice.tsx';
import { missingIn } from './trial.ts';
import { TriedOut } from './tried-out.tsx';

const TYPING_MS = 400;

/** Whether an event would go out as the form stands now, and why not. */
export function WouldFire({ account, webhookId, form }: TabProps) {
  const { t } = useTranslation();
  const [event, setEvent] = useState<EventView | null>(null);
  const [webhook] = useDebouncedValue(bodyOf(form.values), TYPING_MS);
  const query = useQuery({
    ...wouldFireQuery({ account, webhookId, webhook, eventId: event?.id ?? null }),
    enabled: missingIn(form.values) === undefined,
  });
  return (
    <Panel title={t('webhooks.wouldFire')} padded>
      <Stack>
        <EventChoice account={account} value={event} onChange={setEvent} />
        <TriedOut draft={form.values} tab="condition" query={query} rows={3}>
          {(explanation) => <ExplanationView explanation={explanation} />}
        </TriedOut>
      </Stack>
    </Panel>
  );
}
