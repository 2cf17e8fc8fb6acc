import { Button, Modal, Stack, Text } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { accountPath, post } from '../api.ts';
import { AnchorLink } from '../components/links.tsx';
import { Failed, Loading, problemText } from '../components/states.tsx';
import { Callout } from '../components/tone.tsx';
import { deliveryQuery } from '../data/deliveries.ts';
import { AttemptTimeline } from '../deliveries/attempt-timeline.tsx';
import { DeliverySummary } from '../deliveries/summary.tsx';

/** Sends a test event to a webhook, and shows what came of it in place. */
export function TestSend({
  account,
  webhookId,
  disabled,
}: {
  account: string;
  webhookId: string;
  disabled: boolean;
}) {
  const { t } = useTranslation();
  const test = useMutation({
    mutationFn: () =>
      post<{ id: string; deliveryId: string }>(accountPath(account, 'webhooks', webhookId, 'test'), {}),
  });
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconSend size={16} aria-hidden />}
        loading={test.isPending}
        disabled={disabled}
        onClick={() => test.mutate()}
      >
        {t('webhooks.actions.test')}
      </Button>
      <Modal
        opened={test.isSuccess || test.isError}
        onClose={test.reset}
        title={t('webhooks.testResult')}
        size="xl"
      >
        {test.isError && <Callout tone="bad" title={problemText(test.error, t('common.unexpected'))} />}
        {test.data && <Result account={account} deliveryId={test.data.deliveryId} />}
      </Modal>
    </>
  );
}

function Result({ account, deliveryId }: { account: string; deliveryId: string }) {
  const { t } = useTranslation();
  const { data, error } = useQuery(deliveryQuery(account, deliveryId));
  if (error) return <Failed error={error} />;
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
