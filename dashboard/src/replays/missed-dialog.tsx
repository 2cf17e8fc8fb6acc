import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Failed } from '../components/states.tsx';
import { Time } from '../components/time.tsx';
import { useStartReplay } from '../data/replays.ts';
import { type MissedOffer, withdrawOffer } from './missed-offers.ts';

/** Offers to send what a webhook missed while it was disabled. */
export function MissedDialog({ offer }: { offer: MissedOffer }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { account, webhookId, missed } = offer;
  const start = useStartReplay(account);
  const send = () =>
    start.mutate(
      { webhookId, body: missed.replay },
      {
        onSuccess: () => {
          notifications.show({ message: t('replays.begun') });
          withdrawOffer();
          void navigate({ to: '/accounts/$account/deliveries', params: { account } });
        },
      },
    );
  return (
    <Modal opened onClose={withdrawOffer} title={t('replays.missed.title')}>
      <Stack>
        <Text size="sm">
          {t(missed.exact ? 'replays.missed.text' : 'replays.missed.atLeast', { count: missed.events })}{' '}
          {t('replays.missed.since')} <Time at={missed.from} />.
        </Text>
        <Text size="sm" c="dimmed">
          {t('replays.missed.hint')}
        </Text>
        {start.isError && <Failed error={start.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={withdrawOffer}>
            {t('replays.missed.leave')}
          </Button>
          <Button loading={start.isPending} onClick={send} data-autofocus>
            {t('replays.missed.send')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
