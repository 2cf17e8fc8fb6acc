import { Grid, List, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { accountPath } from '../api.ts';
import { BackLink } from '../components/back-link.tsx';
import { Code } from '../components/code.tsx';
import { Id } from '../components/copy.tsx';
import { Facts } from '../components/facts.tsx';
import { Listed, useListing } from '../components/listing.tsx';
import { Page, Panel } from '../components/page.tsx';
import { prettyJson } from '../components/pretty-json.ts';
import { SaidText } from '../components/said.tsx';
import { Queried } from '../components/states.tsx';
import { Time } from '../components/time.tsx';
import { Callout } from '../components/tone.tsx';
import type { DeliveryView } from '../data/deliveries.ts';
import { type EventWithData, eventQuery } from '../data/events.ts';
import { DeliveryTable } from '../deliveries/delivery-table.tsx';
import { WhyNot } from '../events/why-not.tsx';
import { warningText } from '../words/warning-words.ts';

const route = getRouteApi('/signed-in/accounts/$account/events/$event');

/** One event: its data, where it went, and why not elsewhere. */
export function Event() {
  const { t } = useTranslation();
  const { account, event: id } = route.useParams();
  const query = useQuery(eventQuery(account, id));
  return (
    <Page title={query.data?.type ?? t('events.one.title')} before={<Back account={account} />}>
      <Queried query={query}>{(event) => <Parts account={account} event={event} />}</Queried>
    </Page>
  );
}

function Parts({ account, event }: { account: string; event: EventWithData }) {
  const { t } = useTranslation();
  const deliveries = useListing<DeliveryView>(accountPath(account, 'deliveries'), { eventId: event.id });
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, lg: 8 }}>
        <Stack gap="lg">
          {event.warnings.length > 0 && <Warnings event={event} />}
          <Panel title={t('events.one.where')}>
            <Listed
              listing={deliveries}
              empty={
                <Text size="sm" c="dimmed" px="md" pb="md">
                  {t('events.one.nowhere')}
                </Text>
              }
            >
              {(items) => <DeliveryTable account={account} deliveries={items} saidAlready="event" />}
            </Listed>
          </Panel>
          <WhyNot account={account} eventId={event.id} />
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, lg: 4 }}>
        <Stack gap="lg">
          <EventFacts event={event} />
          <Code title={t('events.one.data')} text={prettyJson(event.data)} maxHeight={560} />
        </Stack>
      </Grid.Col>
    </Grid>
  );
}

function Warnings({ event }: { event: EventWithData }) {
  const { t } = useTranslation();
  return (
    <Callout tone="warn" title={t('events.one.warnings')}>
      <List size="sm">
        {event.warnings.map((warning) => (
          <List.Item key={`${warning.path} ${warning.rule} ${warning.message}`} className="foreign">
            <span className="mono foreign">{warning.path}</span> <SaidText said={warningText(warning)} />
          </List.Item>
        ))}
      </List>
    </Callout>
  );
}

function EventFacts({ event }: { event: EventWithData }) {
  const { t } = useTranslation();
  return (
    <Facts
      title={t('events.one.facts')}
      facts={[
        [t('events.one.subject'), event.subject],
        [t('events.one.channel'), event.channel],
        [t('events.one.version'), event.version],
        [t('events.one.occurred'), <Time key="occurred" at={event.occurredAt} />],
        [t('events.one.received'), <Time key="received" at={event.receivedAt} />],
        [t('events.one.id'), <Id key="id" id={event.id} />],
      ]}
    />
  );
}

function Back({ account }: { account: string }) {
  const { t } = useTranslation();
  return (
    <BackLink to="/accounts/$account/events" account={account}>
      {t('events.one.back')}
    </BackLink>
  );
}
