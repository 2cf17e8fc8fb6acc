import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Code } from '../components/code.tsx';

/** A secret, this once. Only who says that it is kept gets on: neither Escape nor a click beside it closes it. */
export function SecretOnce({ secret, onClose }: { secret: string; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('webhooks.secret.title')}
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
      size="lg"
    >
      <Stack>
        <Text size="sm">{t('webhooks.secret.once')}</Text>
        <Code title={t('webhooks.secret.label')} text={secret} />
        <Group justify="flex-end">
          <Button onClick={onClose} data-autofocus>
            {t('webhooks.secret.kept')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
