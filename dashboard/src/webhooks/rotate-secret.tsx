import { Button, Group, Modal, Select, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconKey } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { accountPath, post } from '../api.ts';
import { Callout } from '../components/tone.tsx';
import { problemText } from '../words/problem-words.ts';
import { SecretOnce } from './secret-once.tsx';

const OVERLAPS = { none: 0, hour: 3_600, day: 86_400, week: 7 * 86_400 } as const;

/** Gives a webhook a new secret; for a while both sign, so that the receiver can change over. */
export function RotateSecret({ account, webhookId }: { account: string; webhookId: string }) {
  const { t } = useTranslation();
  const [opened, { open, close }] = useDisclosure(false);
  const [overlap, setOverlap] = useState<keyof typeof OVERLAPS>('day');
  const rotation = useMutation({
    meta: { showsError: true },
    mutationFn: () =>
      post<{ secret: string }>(accountPath(account, 'webhooks', webhookId, 'secret', 'rotate'), {
        overlapSeconds: OVERLAPS[overlap],
      }),
    onSuccess: close,
  });
  const begin = () => {
    rotation.reset();
    open();
  };
  return (
    <>
      <Button variant="default" leftSection={<IconKey size={16} aria-hidden />} onClick={begin}>
        {t('webhooks.secret.rotate')}
      </Button>
      <Modal opened={opened} onClose={close} title={t('webhooks.secret.rotate')}>
        <Stack>
          <Text size="sm">{t('webhooks.secret.rotateLead')}</Text>
          <Select
            label={t('webhooks.secret.overlap')}
            allowDeselect={false}
            data={(Object.keys(OVERLAPS) as (keyof typeof OVERLAPS)[]).map((value) => ({
              value,
              label: t(`webhooks.secret.overlaps.${value}`),
            }))}
            value={overlap}
            onChange={(value) => setOverlap(value as keyof typeof OVERLAPS)}
          />
          {rotation.isError && (
            <Callout tone="bad" title={problemText(rotation.error, t('common.unexpected'))} />
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('common.cancel')}
            </Button>
            <Button loading={rotation.isPending} onClick={() => rotation.mutate()}>
              {t('webhooks.secret.rotate')}
            </Button>
          </Group>
        </Stack>
      </Modal>
      {rotation.data && <SecretOnce secret={rotation.data.secret} onClose={rotation.reset} />}
    </>
  );
}
