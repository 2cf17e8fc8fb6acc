import { ActionIcon, Menu, NativeSelect } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconDots, IconPlayerTrackNext, IconX } from '@tabler/icons-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Confirm } from '../components/confirm.tsx';
import { type QueuedDeliveryView, useChangeQueued } from '../data/queue.ts';

const PRIORITIES = [9, 8, 7, 6, 5, 4, 3, 2, 1, 0];

interface Props {
  readonly delivery: QueuedDeliveryView;
}

/** The priority of a delivery, to be chosen by those who may. */
export function QueuePriority({ delivery, mayChange }: Props & { mayChange: boolean }) {
  const { t } = useTranslation();
  const change = useChangeQueued();
  if (!mayChange) return delivery.priority;
  const choose = (priority: number) =>
    change.mutate(
      { delivery, priority },
      { onSuccess: () => notifications.show({ message: t('queue.done.priority', { priority }) }) },
    );
  return (
    <NativeSelect
      aria-label={t('queue.priorityOf', { id: delivery.id })}
      size="xs"
      w={64}
      data={PRIORITIES.map(String)}
      value={String(
        change.isPending && 'priority' in change.variables ? change.variables.priority : delivery.priority,
      )}
      onChange={(event) => choose(Number(event.currentTarget.value))}
    />
  );
}

/** What can be done about a delivery that waits. */
export function QueueActions({ delivery }: Props) {
  const { t } = useTranslation();
  const [cancelling, { open, close }] = useDisclosure(false);
  const button = useRef<HTMLButtonElement>(null);
  const change = useChangeQueued();
  const act = (action: 'run-now' | 'cancel') =>
    change.mutate(
      { delivery, action },
      {
        onSuccess: () => notifications.show({ message: t(`queue.done.${action}`) }),
        onSettled: close,
      },
    );
  return (
    <>
      <Menu position="bottom-end" width={170}>
        <Menu.Target>
          <ActionIcon
            ref={button}
            variant="subtle"
            color="gray"
            loading={change.isPending}
            aria-label={t('queue.menu', { id: delivery.id })}
          >
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconPlayerTrackNext size={16} aria-hidden />}
            onClick={() => act('run-now')}
          >
            {t('queue.runNow')}
          </Menu.Item>
          <Menu.Item
            c="var(--mantine-color-error)"
            leftSection={<IconX size={16} aria-hidden />}
            onClick={open}
          >
            {t('queue.cancel')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Confirm
        returnTo={button}
        opened={cancelling}
        onClose={close}
        title={t('queue.cancelling.title')}
        confirm={t('queue.cancel')}
        busy={change.isPending}
        onConfirm={() => act('cancel')}
      >
        {t('queue.cancelling.text')}
      </Confirm>
    </>
  );
}
