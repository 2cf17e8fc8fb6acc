import { SimpleGrid } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Figure } from '../components/figure.tsx';
import { duration } from '../components/time.tsx';
import type { StatisticsView } from '../data/statistics.ts';
import { formatLocale } from '../i18n.ts';

/** The four figures people look at first. */
export function Figures({ statistics: { total, queue } }: { statistics: StatisticsView }) {
  const { t, i18n } = useTranslation();
  const number = new Intl.NumberFormat(formatLocale(i18n.language));
  const percent = new Intl.NumberFormat(formatLocale(i18n.language), {
    style: 'percent',
    maximumFractionDigits: 1,
  });
  const lasted = (ms: number, isOver: boolean) => {
    const text = duration(ms, formatLocale(i18n.language));
    return isOver ? t('overview.over', { duration: text }) : text;
  };
  const attempts = total.delivered + total.failed;
  return (
    <SimpleGrid cols={{ base: 2, md: 4 }} spacing="md">
      <Figure name={t('overview.events')} value={number.format(total.events)} />
      <Figure
        name={t('overview.successRate')}
        value={attempts === 0 ? '–' : percent.format(total.delivered / attempts)}
        beside={attempts === 0 ? t('overview.noAttempts') : t('overview.ofAttempts', { count: attempts })}
      />
      <Figure
        name={t('overview.latency')}
        value={total.p50Ms === null ? '–' : lasted(total.p50Ms, total.p50IsOver)}
        beside={
          total.p95Ms === null
            ? t('overview.noAttempts')
            : total.p95IsOver
              ? t('overview.p95Over', { duration: duration(total.p95Ms, formatLocale(i18n.language)) })
              : t('overview.p95', { duration: duration(total.p95Ms, formatLocale(i18n.language)) })
        }
      />
      <Figure
        name={t('overview.waiting')}
        value={number.format(queue.pending)}
        beside={
          <>
            {queue.oldestDueSeconds === null
              ? t('overview.nothingDue')
              : t('overview.oldest', {
                  duration: duration(queue.oldestDueSeconds * 1000, formatLocale(i18n.language)),
                })}
            {queue.held > 0 && (
              <>
                <br />
                {t('overview.held', { count: queue.held })}
              </>
            )}
          </>
        }
      />
    </SimpleGrid>
  );
}
