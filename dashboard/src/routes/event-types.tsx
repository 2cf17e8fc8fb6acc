import { Badge, Group, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DownloadButtons } from '../catalog/download-buttons.tsx';
import { VerifyButton } from '../catalog/verify-button.tsx';
import { AnchorLink } from '../components/links.tsx';
import { Page, Panel } from '../components/page.tsx';
import { Empty, Queried } from '../components/states.tsx';
import { type EventTypeView, eventTypesQuery } from '../data/event-types.ts';

const route = getRouteApi('/signed-in/accounts/$account/event-types');

/** The event catalog of an account, group by group. */
export function EventTypes() {
  const { t } = useTranslation();
  const { account } = route.useParams();
  const [search, setSearch] = useState('');
  const query = useQuery(eventTypesQuery(account));
  return (
    <Page
      title={t('catalog.title')}
      lead={t('catalog.lead')}
      actions={
        <>
          <VerifyButton account={account} />
          <DownloadButtons
            account={account}
            preset={query.data?.find(({ preset }) => preset !== null)?.preset ?? null}
          />
        </>
      }
    >
      <TextInput
        aria-label={t('catalog.search')}
        placeholder={t('catalog.search')}
        leftSection={<IconSearch size={15} aria-hidden />}
        maw={360}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      <Queried query={query}>{(types) => <Groups account={account} types={types} search={search} />}</Queried>
    </Page>
  );
}

function Groups(props: { account: string; types: readonly EventTypeView[]; search: string }) {
  const { account, types, search } = props;
  const { t } = useTranslation();
  if (types.length === 0) return <Empty title={t('catalog.empty.title')}>{t('catalog.empty.text')}</Empty>;
  const wanted = search.trim().toLowerCase();
  const found = types.filter(({ name, title, description }) =>
    `${name} ${title ?? ''} ${description ?? ''}`.toLowerCase().includes(wanted),
  );
  if (found.length === 0) return <Text c="dimmed">{t('catalog.none')}</Text>;
  return [...Map.groupBy(found, ({ group }) => group ?? '')].map(([group, members]) => (
    <Stack key={group} gap="xs">
      <Title order={2} size="h3">
        {group || t('catalog.other')}
      </Title>
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="sm">
        {members.map((type) => (
          <Card key={type.name} account={account} type={type} />
        ))}
      </SimpleGrid>
    </Stack>
  ));
}

function Card({ account, type }: { account: string; type: EventTypeView }) {
  const { t } = useTranslation();
  return (
    <Panel padded>
      <Group gap="xs" justify="space-between" wrap="nowrap">
        <AnchorLink
          to="/accounts/$account/event-types/$eventType"
          params={{ account, eventType: type.name }}
          fw={550}
          size="sm"
          className="cut"
        >
          {type.title ?? type.name}
        </AnchorLink>
        {type.deprecated && (
          <Badge size="sm" variant="default" tt="none">
            {t('catalog.deprecated')}
          </Badge>
        )}
      </Group>
      <Text size="xs" c="dimmed" className="mono cut">
        {type.name}
      </Text>
      <Text size="sm" lineClamp={2} mt={4}>
        {type.description}
      </Text>
    </Panel>
  );
}
