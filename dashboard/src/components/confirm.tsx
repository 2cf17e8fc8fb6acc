import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
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
  readonly children: ReactNode;
}

/** Asks before something that can't be taken back. */
export function Confirm(props: Props) {
  const { opened, onClose, title, confirm, dismiss, busy = false, onConfirm, children } = props;
  const { t } = useTranslation();
  return (
    <Modal opened={opened} onClose={onClose} title={title}>
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
