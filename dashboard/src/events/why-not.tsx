import { Select, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ExplanationView } from '../components/explanation-view.tsx';
import { AnchorLink } from '../components/links.tsx';
import { Panel } from '../components/page.tsx';
import { Queried } from '../components/states.tsx';
import { explanationQuery } from '../data/explanations.ts';
import { type WebhookView, webhooksQuery } from '../data/webhooks.ts';
import { useMayChange } from '../session.ts';

/** Why one of the webhooks got an event, or not. */
export function WhyNot({ account, eventId }: { account: string; eventId: string }) {
  const { t } = useTranslation();
  const query = useQuery(webhooksQuery(account));
  return (
    <Panel title={t('events.one.whyNot')} padded>
      <Queried query={query} rows={3}>
        {([newest, ...others]) =>
          newest ? (
            <Choice account={account} eventId={eventId} newest={newest} others={others} />
          ) : (
            <NoWebhooks account={account} />
          )
        }
      </Queried>
    </Panel>
  );
}

function NoWebhooks({ account }: { account: string }) {
  const { t } = useTranslation();
  const mayChange = useMayChange(account);
  return (
    <Text size="sm" c="dimmed">
      {t('events.one.noWebhooks')}{' '}
      {mayChange && (
        <AnchorLink to="/accounts/$account/webhooks/new" params={{ account }}>
          {t('webhooks.add')}
        </AnchorLink>
      )}
    </Text>
  );
}

interface ChoiceProps {
  readonly account: string;
  readonly eventId: string;
  readonly newest: WebhookView;
  readonly others: readonly WebhookView[];
}

function Choice({ account, eventId, newest, others }: ChoiceProps) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<string | null>(null);
  const webhookId = chosen ?? newest.id;
  return (
    <Stack>
      <Select
        aria-label={t('events.one.chooseWebhook')}
        placeholder={t('events.one.chooseWebhook')}
        maw={360}
        searchable
        data={[newest, ...others].map(({ id, name, url }) => ({ value: id, label: name || url }))}
        value={webhookId}
        allowDeselect={false}
        onChange={setChosen}
      />
      <Answer account={account} webhookId={webhookId} eventId={eventId} />
    </Stack>
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
