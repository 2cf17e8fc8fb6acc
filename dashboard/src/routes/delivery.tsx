import { Button, Grid, Stack, Text } from '@mantine/core';
import { IconRefresh, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { BackLink } from '../components/back-link.tsx';
import { Code } from '../components/code.tsx';
import { Page, Panel } from '../components/page.tsx';
import { prettyJson } from '../components/pretty-json.ts';
import { Queried } from '../components/states.tsx';
import { DeliveryStatusBadge } from '../components/status.tsx';
import { type DeliveryWithAttempts, deliveryQuery, useCancel } from '../data/deliveries.ts';
import { eventQuery } from '../data/events.ts';
import { AttemptTimeline } from '../deliveries/attempt-timeline.tsx';
import { DeliveryFacts } from '../deliveries/delivery-facts.tsx';
import { useSendAgainWithWord } from '../deliveries/send-again.ts';
import { DeliverySummary } from '../deliveries/summary.tsx';
import { useMayChange } from '../session.ts';

const route = getRouteApi('/signed-in/accounts/$account/deliveries/$delivery');

/** One delivery: what became of it, why, and what to do about it. */
export function Delivery() {
  const { t } = useTranslation();
  const { account, delivery: id } = route.useParams();
  const query = useQuery(deliveryQuery(account, id));
  const data = query.data;
  return (
    <Page
      title={data?.eventType ?? t('deliveries.one.title')}
      before={<Back account={account} />}
      lead={data && <DeliveryStatusBadge status={data.status} retrying={data.attemptCount > 0} />}
      actions={data && <Actions account={account} delivery={data} />}
    >
      <Queried query={query}>{(delivery) => <Parts account={account} delivery={delivery} />}</Queried>
    </Page>
  );
}

function Parts({ account, delivery }: { account: string; delivery: DeliveryWithAttempts }) {
  const { t } = useTranslation();
  const event = useQuery(eventQuery(account, delivery.eventId));
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, lg: 8 }}>
        <Stack gap="lg">
          <DeliverySummary delivery={delivery} />
          <Panel title={t('deliveries.one.attempts')} padded>
            {delivery.attempts.length > 0 ? (
              <AttemptTimeline account={account} delivery={delivery} />
            ) : (
              <Text size="sm" c="dimmed">
                {t('deliveries.one.noAttempts')}
              </Text>
            )}
          </Panel>
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, lg: 4 }}>
        <Stack gap="lg">
          <DeliveryFacts account={account} delivery={delivery} />
          <Queried query={event} rows={3}>
            {({ data }) => <Code title={t('deliveries.one.data')} text={prettyJson(data)} />}
          </Queried>
        </Stack>
      </Grid.Col>
    </Grid>
  );
}

function Actions({ account, delivery }: { account: string; delivery: DeliveryWithAttempts }) {
  const { t } = useTranslation();
  const mayChange = useMayChange(account);
  const sendAgain = useSendAgainWithWord(account);
  const cancel = useCancel(account);
  if (!mayChange) return null;
  if (delivery.status === 'pending') {
    return (
      <Button
        variant="default"
        leftSection={<IconX size={16} aria-hidden />}
        loading={cancel.isPending}
        onClick={() => cancel.mutate(delivery.id)}
      >
        {t('deliveries.cancel')}
      </Button>
    );
  }
  if (delivery.status !== 'failed' && delivery.status !== 'cancelled') return null;
  return (
    <Button
      leftSection={<IconRefresh size={16} aria-hidden />}
      loading={sendAgain.isPending}
      onClick={() => sendAgain.mutate([delivery.id])}
    >
      {t('deliveries.sendAgain')}
    </Button>
  );
}

function Back({ account }: { account: string }) {
  const { t } = useTranslation();
  return (
    <BackLink to="/accounts/$account/deliveries" account={account}>
      {t('deliveries.one.back')}
    </BackLink>
  );
}
