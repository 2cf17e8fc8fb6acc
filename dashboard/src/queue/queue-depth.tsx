import { SegmentedControl, SimpleGrid } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Figure } from '../components/figure.tsx';
import { duration } from '../components/time.tsx';
import type { QueueDepth, QueueOrder } from '../data/queue.ts';
import { formatLocale } from '../i18n.ts';

/** How much waits, and for how long. */
export function DepthFigures({ depth: { total } }: { depth: QueueDepth }) {
  const { t, i18n } = useTranslation();
  const number = new Intl.NumberFormat(formatLocale(i18n.language));
  const count = (value: number) =>
    t(total.exact ? 'queue.exactly' : 'queue.atLeast', { count: number.format(value) });
  return (
    <SimpleGrid cols={{ base: 2, md: 4 }} spacing="md">
      <Figure name={t('queue.due')} value={count(total.due)} beside={t('queue.dueBeside')} />
      <Figure name={t('queue.waiting')} value={count(total.waiting)} beside={t('queue.waitingBeside')} />
      <Figure
        name={t('queue.oldest')}
        value={
          total.oldestDueAgeSeconds === null ? '–' : duration(total.oldestDueAgeSeconds * 1000, i18n.language)
        }
        beside={t('queue.oldestBeside')}
      />
      <Figure name={t('queue.held')} value={count(total.held)} beside={t('queue.heldBeside')} />
    </SimpleGrid>
  );
}

interface Props {
  readonly value: string;
  readonly onChange: (priority: string) => void;
}

const ALL = 'all';
const PRIORITIES = ['9', '8', '7', '6', '5', '4', '3', '2', '1', '0'];

/** Shows what waits with one priority, or all of it. */
export function PriorityChoice({ value, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <SegmentedControl
      aria-label={t('queue.filters.priority')}
      size="xs"
      value={value === '' ? ALL : value}
      onChange={(next) => onChange(next === ALL ? '' : next)}
      data={[{ value: ALL, label: t('common.all') }, ...PRIORITIES]}
    />
  );
}

/** Sorts what waits by priority, or by when it is due. */
export function OrderChoice({ value, onChange }: { value: QueueOrder; onChange: (order: string) => void }) {
  const { t } = useTranslation();
  return (
    <SegmentedControl
      aria-label={t('queue.order.label')}
      size="xs"
      value={value}
      onChange={onChange}
      data={(['priority', 'due'] as const).map((order) => ({
        value: order,
        label: t(`queue.order.${order}`),
      }))}
    />
  );
}
