import { Grid, Progress, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { AboutView } from '../../../src/manage/about.ts';
import { get } from '../api.ts';
import { Facts } from '../components/facts.tsx';
import { Page, Panel } from '../components/page.tsx';
import { Queried } from '../components/states.tsx';
import { Time } from '../components/time.tsx';
import { ToneBadge } from '../components/tone.tsx';
import { formatLocale } from '../i18n.ts';

const LIVE_MS = 10_000;

/** What runs here, for those who run it. */
export function About() {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ['/v1/about'],
    queryFn: ({ signal }) => get<AboutView>('/v1/about', undefined, signal),
    refetchInterval: LIVE_MS,
  });
  return (
    <Page title={t('about.title')} lead={t('about.lead')}>
      <Queried query={query}>{(about) => <Parts about={about} />}</Queried>
    </Page>
  );
}

function Parts({ about }: { about: AboutView }) {
  const { t, i18n } = useTranslation();
  const { database } = about;
  const kind = t(`about.kinds.${database.kind}`);
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, lg: 5 }}>
        <Stack gap="lg">
          <Facts
            title={t('about.system')}
            facts={[
              [t('about.version'), about.version],
              [t('about.uptime'), uptime(about.uptimeSeconds, i18n.language)],
              [t('about.database'), `${kind} ${database.version}`],
              [t('about.size'), bytes(database.bytes, i18n.language)],
            ]}
          />
          <Nodes nodes={about.nodes} />
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, lg: 7 }}>
        <Tables database={database} />
      </Grid.Col>
    </Grid>
  );
}

function Nodes({ nodes }: Pick<AboutView, 'nodes'>) {
  const { t } = useTranslation();
  return (
    <Panel title={t('about.nodes')}>
      <Table.ScrollContainer minWidth={330}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('about.node')}</Table.Th>
              <Table.Th>{t('about.lanes')}</Table.Th>
              <Table.Th>{t('about.since')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {nodes.map(({ id, lanes, startedAt, isThis }) => (
              <Table.Tr key={id}>
                <Table.Td>
                  <Text span size="sm" className="mono" title={id} mr="xs">
                    {id.slice(-8)}
                  </Text>
                  {isThis && <ToneBadge tone="good">{t('about.this')}</ToneBadge>}
                </Table.Td>
                <Table.Td className="numbers">{t('about.ofLanes', { lanes })}</Table.Td>
                <Table.Td>
                  <Time at={startedAt} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Panel>
  );
}

function Tables({ database: { tables, bytes: all } }: Pick<AboutView, 'database'>) {
  const { t, i18n } = useTranslation();
  return (
    <Panel title={t('about.tables')}>
      <Table>
        <Table.Tbody>
          {tables.map(({ name, bytes: size }) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={400}>
                <span className="mono">{name}</span>
              </Table.Th>
              <Table.Td w="40%">
                <Progress value={(100 * size) / all} aria-label={name} size="sm" />
              </Table.Td>
              <Table.Td ta="right" className="numbers" style={{ whiteSpace: 'nowrap' }}>
                {bytes(size, i18n.language)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Panel>
  );
}

const SIZES = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

function bytes(count: number, language: string): string {
  const step = Math.min(SIZES.length - 1, count === 0 ? 0 : Math.floor(Math.log10(count) / 3));
  return new Intl.NumberFormat(formatLocale(language), {
    style: 'unit',
    unit: SIZES[step] as string,
    unitDisplay: 'short',
    maximumSignificantDigits: 3,
  }).format(count / 1000 ** step);
}

const SPANS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

function uptime(seconds: number, language: string): string {
  const [unit, size] = SPANS.find(([, length]) => seconds >= length) ?? (['second', 1] as const);
  return new Intl.NumberFormat(formatLocale(language), { style: 'unit', unit, unitDisplay: 'long' }).format(
    Math.floor(seconds / size),
  );
}
