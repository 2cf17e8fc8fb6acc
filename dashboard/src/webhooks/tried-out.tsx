import { Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Queried } from '../components/states.tsx';
import { Callout } from '../components/tone.tsx';
import { fieldText } from '../words/problem-words.ts';
import type { WebhookDraft } from './draft.ts';
import { missingIn, refusalOf } from './trial.ts';

interface Props<Data> {
  readonly draft: WebhookDraft;
  /** Where it is tried: what is wrong elsewhere is told there. */
  readonly tab: 'payload' | 'condition';
  readonly query: UseQueryResult<Data>;
  readonly rows: number;
  readonly children: (data: Data) => ReactNode;
}

/** What comes of trying a draft, or what it lacks for that. A draft that isn't complete yet is no failure. */
export function TriedOut<Data>({ draft, tab, query, rows, children }: Props<Data>) {
  const { t } = useTranslation();
  const missing = missingIn(draft);
  if (missing !== undefined) return <Needed text={t(`webhooks.trial.${missing}`)} />;
  const refusal = query.isError ? refusalOf(query.error, tab) : undefined;
  if (refusal === undefined) {
    return (
      <Queried query={query} rows={rows}>
        {children}
      </Queried>
    );
  }
  if (refusal.here.length > 0) {
    return (
      <Callout tone="bad" title={t('common.failed')}>
        {refusal.here.map((problem) => (
          <Text key={`${problem.path} ${problem.code}`} size="sm" className="foreign">
            {fieldText(problem)}
          </Text>
        ))}
      </Callout>
    );
  }
  const tabName = t(`webhooks.tabs.${refusal.elsewhere ?? 'general'}`);
  return <Needed text={t('webhooks.trial.elsewhere', { tab: tabName })} />;
}

function Needed({ text }: { text: string }) {
  return (
    <Text size="sm" c="dimmed" role="status">
      {text}
    </Text>
  );
}
