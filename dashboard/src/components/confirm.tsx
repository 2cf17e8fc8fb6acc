import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { ReactNode, RefObject } from 'react';
import { useTranslation } from 'react-i18next';

interface Props {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly confirm: string;
  /** What not doing it is called, where "cancel" would be misread. */
  readonly dismiss?: string;
  readonly busy?: boolean;
  readonly onConfirm: () => void;
  /** What has the focus afterwards, where what opened it is gone by then: an item of a menu. */
  readonly returnTo?: RefObject<HTMLElement | null> | undefined;
  readonly children: ReactNode;
}

/** Asks before something that can't be taken back. */
export function Confirm({ opened, onClose, title, busy = false, returnTo, children, ...asked }: Props) {
  const { t } = useTranslation();
  const { confirm, dismiss, onConfirm } = asked;
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      returnFocus={returnTo === undefined}
      onExitTransitionEnd={() => returnTo?.current?.focus()}
    >
      <Stack>
        <Text size="sm" component="div">
          {children}
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {dismiss ?? t('common.cancel')}
          </Button>
          <Button color="red" loading={busy} onClick={onConfirm}>
            {confirm}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
