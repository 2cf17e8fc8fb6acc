import { Button, Modal, Stack, Text } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { accountPath, post } from '../api.ts';
import { AnchorLink } from '../components/links.tsx';
import { Failed, Loading } from '../components/states.tsx';
import { Callout } from '../components/tone.tsx';
import { deliveryQuery } from '../data/deliveries.ts';
import type { WebhookView } from '../data/webhooks.ts';
import { AttemptTimeline } from '../deliveries/attempt-timeline.tsx';
import { DeliverySummary } from '../deliveries/summary.tsx';
import { problemText } from '../words/problem-words.ts';

interface Props {
  readonly account: string;
  readonly webhook: Pick<WebhookView, 'id' | 'status'>;
  /** Whether something else stands on the screen than what was saved, which is what is tested. */
  readonly unsaved?: boolean;
}

type Test = ReturnType<typeof useTest>;

/** Sends a test event to a webhook, by its id. */
export function useTest(account: string) {
  return useMutation({
    meta: { showsError: true },
    mutationFn: (id: string) =>
      post<{ id: string; deliveryId: string }>(accountPath(account, 'webhooks', id, 'test'), {}),
  });
}

/** A button that sends a test event to a webhook, and what came of it. */
export function TestSend({ account, webhook, unsaved = false }: Props) {
  const { t } = useTranslation();
  const test = useTest(account);
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconSend size={16} aria-hidden />}
        loading={test.isPending}
        disabled={webhook.status === 'disabled'}
        onClick={() => test.mutate(webhook.id)}
      >
        {t(unsaved ? 'webhooks.testSaved' : 'webhooks.actions.test')}
      </Button>
      <TestResult account={account} webhook={webhook} unsaved={unsaved} test={test} />
    </>
  );
}

/** What came of a test, in place, as soon as it was asked for. */
export function TestResult({
  account,
  webhook,
  unsaved = false,
  test,
  returnTo,
}: Props & { test: Test; returnTo?: RefObject<HTMLElement | null> }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={test.isSuccess || test.isError}
      onClose={test.reset}
      title={t('webhooks.testResult')}
      size="xl"
      returnFocus={returnTo === undefined}
      onExitTransitionEnd={() => returnTo?.current?.focus()}
    >
      {test.isError && <Callout tone="bad" title={problemText(test.error, t('common.unexpected'))} />}
      {test.data && (
        <Stack>
          {unsaved && <Callout tone="warn" title={t('webhooks.testedSaved')} />}
          <Result account={account} deliveryId={test.data.deliveryId} waits={webhook.status === 'paused'} />
        </Stack>
      )}
    </Modal>
  );
}

interface ResultProps {
  readonly account: string;
  readonly deliveryId: string;
  /** Whether nothing is sent for the time being. */
  readonly waits: boolean;
}

function Result({ account, deliveryId, waits }: ResultProps) {
  const { t } = useTranslation();
  const { data, error } = useQuery(deliveryQuery(account, deliveryId));
  if (error) return <Failed error={error} />;
  if (waits && data?.attempts.length === 0) {
    return <Callout tone="warn" title={t('webhooks.testWaits')} />;
  }
  if (!data || data.attempts.length === 0) {
    return (
      <Stack>
        <Text size="sm">{t('webhooks.testing')}</Text>
        <Loading rows={4} />
      </Stack>
    );
  }
  return (
    <Stack>
      <DeliverySummary delivery={data} />
      <AttemptTimeline account={account} delivery={data} />
      <AnchorLink
        to="/accounts/$account/deliveries/$delivery"
        params={{ account, delivery: deliveryId }}
        size="sm"
      >
        {t('webhooks.seeDelivery')}
      </AnchorLink>
    </Stack>
  );
}
