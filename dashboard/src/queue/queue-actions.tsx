import { ActionIcon, Menu, NativeSelect } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconDots, IconPlayerTrackNext, IconX } from '@tabler/icons-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Confirm } from '../components/confirm.tsx';
import { besides, type useLeadOn } from '../components/lead-on.ts';
import { type QueuedDeliveryView, useChangeQueued } from '../data/queue.ts';

const PRIORITIES = [9, 8, 7, 6, 5, 4, 3, 2, 1, 0];

interface Props {
  readonly delivery: QueuedDeliveryView;
  /** Is told what was pressed, and where to go on if its row goes. */
  readonly leadOn: ReturnType<typeof useLeadOn>;
}

/** Changes what waits, and says so. */
function useChange() {
  const { t } = useTranslation();
  return useChangeQueued((change) => {
    const message =
      'action' in change
        ? t(`queue.done.${change.action}`)
        : t('queue.done.priority', { priority: change.priority });
    notifications.show({ message });
  });
}

/** The priority of a delivery, to be chosen by those who may. */
export function QueuePriority({ delivery, mayChange, leadOn }: Props & { mayChange: boolean }) {
  const { t } = useTranslation();
  const change = useChange();
  const id = `priority-${delivery.id}`;
  if (!mayChange) return delivery.priority;
  const choose = (select: HTMLElement, priority: number) => {
    // Its row goes to where the others of that priority are.
    leadOn(select, () => document.getElementById(id));
    change.mutate({ delivery, priority });
  };
  return (
    <NativeSelect
      id={id}
      aria-label={t('queue.priorityOf', { id: delivery.id })}
      size="xs"
      w={64}
      data={PRIORITIES.map(String)}
      value={String(
        change.isPending && 'priority' in change.variables ? change.variables.priority : delivery.priority,
      )}
      onChange={({ currentTarget }) => choose(currentTarget, Number(currentTarget.value))}
    />
  );
}

/** What can be done about a delivery that waits. */
export function QueueActions({ delivery, leadOn }: Props) {
  const { t } = useTranslation();
  const [cancelling, { open, close }] = useDisclosure(false);
  const button = useRef<HTMLButtonElement>(null);
  const change = useChange();
  const act = (action: 'run-now' | 'cancel') => {
    const next = besides(button.current);
    leadOn(button.current, () => next);
    change.mutate({ delivery, action }, { onSettled: close });
  };
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
        dismiss={t('queue.cancelling.dismiss')}
        busy={change.isPending}
        onConfirm={() => act('cancel')}
      >
        {t('queue.cancelling.text')}
      </Confirm>
    </>
  );
}
