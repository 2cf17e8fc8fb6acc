import { Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Code } from '../components/code.tsx';
import { Panel } from '../components/page.tsx';
import { prettyJson } from '../components/pretty-json.ts';
import { SaidText } from '../components/said.tsx';
import { Callout } from '../components/tone.tsx';
import type { EventView } from '../data/events.ts';
import { previewQuery } from '../data/what-ifs.ts';
import { failureSaid } from '../words/failure-words.ts';
import { bodyOf } from './draft.ts';
import type { TabProps } from './editor.tsx';
import { EventChoice } from './event-choice.tsx';
import { missingIn } from './trial.ts';
import { TriedOut } from './tried-out.tsx';

const TYPING_MS = 400;

interface Props extends Pick<TabProps, 'account' | 'webhookId' | 'form'> {
  /** null: a sample. */
  readonly event: EventView | null;
  readonly onEvent: (event: EventView | null) => void;
}

/** The request as it would be sent if the form were saved now. */
export function PreviewPanel({ account, webhookId, form, event, onEvent }: Props) {
  const { t } = useTranslation();
  const [webhook] = useDebouncedValue(bodyOf(form.values), TYPING_MS);
  const query = useQuery({
    ...previewQuery({ account, webhookId, webhook, eventId: event?.id ?? null }),
    enabled: missingIn(form.values) === undefined,
  });
  return (
    <Panel title={t('webhooks.preview.title')} padded>
      <Stack>
        <EventChoice account={account} value={event} onChange={onEvent} />
        <TriedOut draft={form.values} tab="payload" query={query} rows={5}>
          {(preview) =>
            'failure' in preview ? (
              <Callout tone="bad" title={t('webhooks.preview.failed')}>
                <Text size="sm" className="foreign">
                  <SaidText said={failureSaid(preview.failure)} />
                </Text>
              </Callout>
            ) : (
              <>
                <Code title={t('webhooks.preview.body')} text={prettyJson(preview.body)} maxHeight={420} />
                <Code
                  title={t('webhooks.preview.headers')}
                  text={Object.entries(preview.headers)
                    .map(([name, value]) => `${name}: ${value}`)
                    .join('\n')}
                  maxHeight={240}
                />
              </>
            )
          }
        </TriedOut>
      </Stack>
    </Panel>
  );
}
