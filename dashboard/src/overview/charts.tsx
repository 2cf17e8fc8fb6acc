import '@mantine/charts/styles.css';
import { AreaChart, BarChart } from '@mantine/charts';
import { SimpleGrid } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Panel } from '../components/page.tsx';
import { duration } from '../components/time.tsx';
import type { Range, StatisticsView } from '../data/statistics.ts';
import { formatLocale } from '../i18n.ts';

/** Longer durations aren't told apart. */
const MOST_MS = 30_000;

/** As many as fit, with as many spans between each. */
const EVEN_LABELS = { interval: 'equidistantPreserveStart', minTickGap: 12 } as const;
const WHOLE_NUMBERS = { allowDecimals: false } as const;

interface Props {
  readonly statistics: StatisticsView;
  readonly range: Range;
}

/** Events and attempts over time. Loaded apart from the screen, as drawing takes more code than all else on it. */
export function Charts({ statistics, range }: Props) {
  const { t, i18n } = useTranslation();
  const clock = new Intl.DateTimeFormat(formatLocale(i18n.language), timeFormat(range));
  const language = formatLocale(i18n.language);
  const counted = new Intl.NumberFormat(language);
  const count = (value: number) => counted.format(value);
  const lasted = (ms: number) => {
    const text = duration(ms, language);
    return ms >= MOST_MS ? t('overview.over', { duration: text }) : text;
  };
  const data = statistics.spans.map((span) => ({ ...span, time: clock.format(Date.parse(span.at)) }));
  return (
    <SimpleGrid cols={{ base: 1, lg: 3 }} spacing="lg">
      <Panel title={t('overview.eventsOverTime')} padded>
        <BarChart
          h={220}
          data={data}
          dataKey="time"
          valueFormatter={count}
          xAxisProps={EVEN_LABELS}
          yAxisProps={WHOLE_NUMBERS}
          series={[{ name: 'events', label: t('overview.events'), color: 'blue.6' }]}
        />
      </Panel>
      <Panel title={t('overview.attempts')} padded>
        <BarChart
          h={220}
          data={data}
          dataKey="time"
          type="stacked"
          withLegend
          valueFormatter={count}
          xAxisProps={EVEN_LABELS}
          yAxisProps={WHOLE_NUMBERS}
          series={[
            { name: 'delivered', label: t('overview.delivered'), color: 'teal.6' },
            { name: 'failed', label: t('overview.failed'), color: 'red.6' },
          ]}
        />
      </Panel>
      <Panel title={t('overview.latencyOverTime')} padded>
        <AreaChart
          h={220}
          data={data}
          dataKey="time"
          withLegend
          // A span whose neighbours had no attempts has no line to be seen by.
          dotProps={{ r: 2, strokeWidth: 1 }}
          xAxisProps={EVEN_LABELS}
          connectNulls={false}
          curveType="monotone"
          valueFormatter={lasted}
          yAxisProps={{ tickFormatter: (ms: number) => duration(ms, language) }}
          series={[
            { name: 'p95Ms', label: t('overview.most'), color: 'orange.6' },
            { name: 'p50Ms', label: t('overview.median'), color: 'blue.6' },
          ]}
        />
      </Panel>
    </SimpleGrid>
  );
}

function timeFormat(range: Range): Intl.DateTimeFormatOptions {
  if (range === 'hour' || range === 'day') return { hour: '2-digit', minute: '2-digit' };
  return { day: 'numeric', month: 'short', ...(range === 'week' && { hour: '2-digit' }) };
}
