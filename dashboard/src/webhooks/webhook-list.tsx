import { Button, Group, Text, VisuallyHidden } from '@mantine/core';
import { type RefObject, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Panel } from '../components/page.tsx';
import { Empty } from '../components/states.tsx';
import type { WebhookView } from '../data/webhooks.ts';
import { countStates, type StateCounts, stateNamed, stateOf, webhooksWith } from './found-webhooks.ts';
import { type WebhookFilter, WebhookFilters } from './webhook-filters.tsx';
import { inOrder } from './webhook-order.ts';
import { WebhookTable } from './webhook-table.tsx';

const A_PAGE = 50;
/** What fits a screen is drawn first, and the rest in the pauses between what its reader does. */
const AT_FIRST = 12;
/** So few are found by looking. */
const FEW = 5;

interface Props {
  readonly account: string;
  readonly webhooks: readonly WebhookView[];
  readonly filter: WebhookFilter;
  readonly onFilter: (filter: WebhookFilter) => void;
}

/** The webhooks of an account, however many: those that need somebody first, any to be searched for. */
export function WebhookList({ account, webhooks, filter, onFilter }: Props) {
  const { t } = useTranslation();
  const { found, counts } = useFound(webhooks, filter);
  const [most, showMore] = useMost(JSON.stringify(filter));
  const shown = useMemo(() => found.slice(0, most), [found, most]);
  const drawn = useDeferredValue(shown, shown.slice(0, AT_FIRST));
  const rows = useRef<HTMLTableSectionElement>(null);
  const focusAfter = useFocusOnNext(rows, drawn.length);
  const field = useRef<HTMLInputElement>(null);
  const filtered = Object.values(filter).some(Boolean);
  const clear = () => {
    onFilter({});
    field.current?.focus();
  };
  const more = () => {
    focusAfter(most);
    showMore();
  };
  const many = filtered || webhooks.length > FEW;
  return (
    <>
      {many && <WebhookFilters filter={filter} counts={counts} onChange={onFilter} field={field} />}
      <Panel>
        <WebhookTable account={account} webhooks={drawn} rows={rows} />
        {drawn.length === 0 && <NothingFits onClear={clear} />}
        {many && (
          <Group p="sm" gap="xs" justify="center">
            <Text size="sm" c="dimmed" className="numbers" role="status">
              {found.length === 0 ? (
                <VisuallyHidden>{t('webhooks.emptyFiltered.title')}</VisuallyHidden>
              ) : (
                t('webhooks.shown', { shown: shown.length, count: found.length })
              )}
            </Text>
            {found.length > most && (
              <Button variant="subtle" onClick={more}>
                {t('common.more')}
              </Button>
            )}
          </Group>
        )}
      </Panel>
    </>
  );
}

interface Found {
  readonly found: readonly WebhookView[];
  readonly counts: StateCounts;
}

function useFound(webhooks: readonly WebhookView[], { search = '', status }: WebhookFilter): Found {
  const { i18n } = useTranslation();
  const ordered = useMemo(() => inOrder(webhooks, i18n.language), [webhooks, i18n.language]);
  return useMemo(() => {
    const searched = webhooksWith(ordered, search);
    const state = stateNamed(status);
    const found = state === undefined ? searched : searched.filter((webhook) => stateOf(webhook) === state);
    return { found, counts: countStates(searched) };
  }, [ordered, search, status]);
}

/** How many rows are shown of a list, and how to show a page more; of another list it is a page again. */
function useMost(list: string): readonly [number, () => void] {
  const [kept, keep] = useState({ list, most: A_PAGE });
  const most = kept.list === list ? kept.most : A_PAGE;
  return [most, () => keep({ list, most: most + A_PAGE })];
}

/** Leads the focus on to the first of the rows that were asked for: what asked for them may be gone. */
function useFocusOnNext(
  rows: RefObject<HTMLTableSectionElement | null>,
  drawn: number,
): (index: number) => void {
  const next = useRef<number>(undefined);
  useEffect(() => {
    if (next.current === undefined || drawn <= next.current) return;
    rows.current?.rows[next.current]?.querySelector('a')?.focus({ preventScroll: true });
    next.current = undefined;
  }, [rows, drawn]);
  return (index) => {
    next.current = index;
  };
}

function NothingFits({ onClear }: { onClear: () => void }) {
  const { t } = useTranslation();
  return (
    <Empty title={t('webhooks.emptyFiltered.title')}>
      <p>{t('webhooks.emptyFiltered.text')}</p>
      <Button variant="default" onClick={onClear}>
        {t('webhooks.emptyFiltered.all')}
      </Button>
    </Empty>
  );
}
