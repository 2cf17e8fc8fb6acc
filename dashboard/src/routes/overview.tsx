import { SegmentedControl, Skeleton, Stack } from '@mantine/core';
import { IconMapPinOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem, accountPath, get } from '../api.ts';
import { AnchorLink } from '../components/links.tsx';
import { Page } from '../components/page.tsx';
import { Empty, Queried } from '../components/states.tsx';
import { RANGES, type Range, statisticsQuery } from '../data/statistics.ts';
import { Figures } from '../overview/figures.tsx';
import { Trouble } from '../overview/trouble.tsx';
import { useMe } from '../session.ts';

const Charts = lazy(() => import('../overview/charts.tsx').then((module) => ({ default: module.Charts })));
/** It may be about to be made. */
const MISSING_MS = 5_000;
const route = getRouteApi('/signed-in/accounts/$account/');

/** How an account fares: its figures, over time, and what needs somebody. */
export function Overview() {
  const { t } = useTranslation();
  const { account } = route.useParams();
  const [range, setRange] = useState<Range>('day');
  const missing = useIsMissing(account);
  const statistics = useQuery(statisticsQuery(account, range));
  if (missing) {
    return (
      <Page title={t('overview.title')}>
        <Empty title={t('overview.noAccount.title')} icon={<IconMapPinOff size={26} />}>
          {t('overview.noAccount.text', { account })}{' '}
          <AnchorLink to="/accounts">{t('overview.noAccount.all')}</AnchorLink>
        </Empty>
      </Page>
    );
  }
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
            <Suspense fallback={<Skeleton height={270} />}>
              <Charts statistics={data} range={range} />
            </Suspense>
          </Stack>
        )}
      </Queried>
    </Page>
  );
}

/** Whoever runs the platform may look at any account, one that was mistyped too: it has nothing, and nothing fails. */
function useIsMissing(account: string): boolean {
  const { platform } = useMe();
  const { error } = useQuery({
    queryKey: [accountPath(account)],
    queryFn: ({ signal }) => get(accountPath(account), undefined, signal),
    enabled: platform !== null,
    refetchInterval: ({ state }) => (state.error ? MISSING_MS : false),
  });
  return error instanceof ApiProblem && error.status === 404;
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
