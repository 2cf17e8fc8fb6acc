import { SegmentedControl, Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { lazyPart } from '../components/lazy-part.tsx';
import { Page } from '../components/page.tsx';
import { Queried } from '../components/states.tsx';
import { RANGES, type Range, statisticsQuery } from '../data/statistics.ts';
import { Figures } from '../overview/figures.tsx';
import { Trouble } from '../overview/trouble.tsx';

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
            <Charts statistics={data} range={range} />
          </Stack>
        )}
      </Queried>
    </Page>
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
