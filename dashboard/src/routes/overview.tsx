import { SegmentedControl, Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { lazyPart } from '../components/lazy-part.tsx';
import { ButtonLink } from '../components/links.tsx';
import { Page, Panel } from '../components/page.tsx';
import { Empty, Queried } from '../components/states.tsx';
import { RANGES, type Range, type StatisticsView, statisticsQuery } from '../data/statistics.ts';
import { webhooksQuery } from '../data/webhooks.ts';
import { Figures } from '../overview/figures.tsx';
import { Trouble } from '../overview/trouble.tsx';
import { useMayChange } from '../session.ts';

const Charts = lazyPart(
  async () => (await import('../overview/charts.tsx')).Charts,
  <Skeleton height={270} />,
);
const route = getRouteApi('/signed-in/accounts/$account/');

/** How an account fares: its figures, over time, and what needs somebody. */
export function Overview() {
  const { t } = useTranslation();
  const { account } = route.useParams();
  const [range, setRange] = useState<Range>('day');
  const statistics = useQuery(statisticsQuery(account, range));
  const isNew = useQuery(webhooksQuery(account)).data?.length === 0;
  return (
    <Page
      title={t('overview.title')}
      lead={t('overview.lead')}
      actions={<RangePicker range={range} onChange={setRange} />}
    >
      <Queried query={statistics}>
        {(data) => (
          <Stack gap="lg">
            <Figures statistics={data} />
            <Trouble account={account} />
            {isNew && nothingIn(data) ? (
              <Beginning account={account} />
            ) : (
              <Charts statistics={data} range={range} />
            )}
          </Stack>
        )}
      </Queried>
    </Page>
  );
}

function nothingIn({ total }: StatisticsView): boolean {
  return total.events + total.delivered + total.failed === 0;
}

/** What to do first, where charts would have nothing to draw. */
function Beginning({ account }: { account: string }) {
  const { t } = useTranslation();
  return (
    <Panel>
      <Empty title={t('overview.first.title')}>
        <p>{t('overview.first.text')}</p>
        {useMayChange(account) && (
          <ButtonLink to="/accounts/$account/webhooks/new" params={{ account }}>
            {t('webhooks.add')}
          </ButtonLink>
        )}
      </Empty>
    </Panel>
  );
}

function RangePicker({ range, onChange }: { range: Range; onChange: (range: Range) => void }) {
  const { t } = useTranslation();
  return (
    <SegmentedControl
      aria-label={t('overview.range.label')}
      value={range}
      onChange={(value) => onChange(value as Range)}
      data={(Object.keys(RANGES) as Range[]).map((value) => ({ value, label: t(`overview.range.${value}`) }))}
    />
  );
}
