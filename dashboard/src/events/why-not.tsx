import { Select, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ExplanationView } from '../components/explanation-view.tsx';
import { Panel } from '../components/page.tsx';
import { Queried } from '../components/states.tsx';
import { explanationQuery } from '../data/explanations.ts';
import { webhooksQuery } from '../data/webhooks.ts';

/** Why one of the webhooks got an event, or not. */
export function WhyNot({ account, eventId }: { account: string; eventId: string }) {
  const { t } = useTranslation();
  const { data: webhooks } = useQuery(webhooksQuery(account));
  const [chosen, setChosen] = useState<string | null>(null);
  const webhookId = chosen ?? webhooks?.[0]?.id ?? null;
  return (
    <Panel title={t('events.one.whyNot')} padded>
      <Stack>
        <Select
          aria-label={t('events.one.chooseWebhook')}
          placeholder={t('events.one.chooseWebhook')}
          maw={360}
          searchable
          data={(webhooks ?? []).map(({ id, name, url }) => ({ value: id, label: name || url }))}
          value={webhookId}
          allowDeselect={false}
          onChange={setChosen}
        />
        {webhookId && <Answer account={account} webhookId={webhookId} eventId={eventId} />}
      </Stack>
    </Panel>
  );
}

function Answer({ account, webhookId, eventId }: { account: string; webhookId: string; eventId: string }) {
  const query = useQuery(explanationQuery(account, webhookId, eventId));
  return (
    <Queried query={query} rows={3}>
      {(explanation) => <ExplanationView explanation={explanation} />}
    </Queried>
  );
}
