import { Grid, Group, Select, Stack, Text } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { VersionChanges } from '../catalog/version-changes.tsx';
import { Code } from '../components/code.tsx';
import { AnchorLink } from '../components/links.tsx';
import { Page, Panel } from '../components/page.tsx';
import { Queried } from '../components/states.tsx';
import { ToneBadge } from '../components/tone.tsx';
import { type EventTypeView, eventTypeQuery } from '../data/event-types.ts';

const route = getRouteApi('/signed-in/accounts/$account/event-types/$eventType');

/** One event type: what its data is, a sample, and what is sent in each version. */
export function EventType() {
  const { t } = useTranslation();
  const { account, eventType: name } = route.useParams();
  const query = useQuery(eventTypeQuery(account, name));
  const type = query.data;
  return (
    <Page
      title={type?.title ?? name}
      before={<Back account={account} />}
      lead={
        <Group gap="xs">
          <span className="mono">{name}</span>
          {type?.deprecated && <ToneBadge tone="warn">{t('catalog.deprecated')}</ToneBadge>}
        </Group>
      }
    >
      <Queried query={query}>{(data) => <Parts key={name} account={account} type={data} />}</Queried>
    </Page>
  );
}

function Parts({ account, type }: { account: string; type: EventTypeView }) {
  const { t } = useTranslation();
  return (
    <Stack gap="lg">
      {type.description && <Text maw={720}>{type.description}</Text>}
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, lg: 6 }}>
          <Code title={t('catalog.one.sample')} text={JSON.stringify(type.sample, null, 2)} maxHeight={480} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 6 }}>
          {type.schema === null ? (
            <Panel title={t('catalog.one.schema')} padded>
              <Text size="sm" c="dimmed">
                {t('catalog.one.noSchema')}
              </Text>
            </Panel>
          ) : (
            <Code
              title={t('catalog.one.schema')}
              text={JSON.stringify(type.schema, null, 2)}
              maxHeight={480}
            />
          )}
        </Grid.Col>
      </Grid>
      {type.versions.length > 1 && <VersionChanges account={account} type={type} />}
      {type.versions.length > 0 && <Versions type={type} />}
    </Stack>
  );
}

function Versions({ type }: { type: EventTypeView }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState(type.version ?? type.versions[0]?.version ?? null);
  const version = type.versions.find((one) => one.version === chosen);
  return (
    <Panel title={t('catalog.one.versions')} padded>
      <Stack>
        <Select
          aria-label={t('catalog.one.version')}
          w={180}
          allowDeselect={false}
          data={type.versions.map((one) => one.version)}
          value={chosen}
          onChange={setChosen}
        />
        {version && (
          <Grid gap="lg">
            <Grid.Col span={{ base: 12, lg: 6 }}>
              <Code title={t('catalog.one.payload')} text={JSON.stringify(version.payload, null, 2)} />
            </Grid.Col>
            <Grid.Col span={{ base: 12, lg: 6 }}>
              <Code title={t('catalog.one.payloadSchema')} text={JSON.stringify(version.schema, null, 2)} />
            </Grid.Col>
          </Grid>
        )}
      </Stack>
    </Panel>
  );
}

function Back({ account }: { account: string }) {
  const { t } = useTranslation();
  return (
    <AnchorLink to="/accounts/$account/event-types" params={{ account }} size="sm">
      <IconArrowLeft size={14} aria-hidden style={{ verticalAlign: '-2px' }} /> {t('catalog.one.back')}
    </AnchorLink>
  );
}
