import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { KEPT_FIRST, ShownOnce } from '../components/shown-once.tsx';

/** The secret of a webhook. */
export function SecretOnce({ secret, onClose }: { secret: string; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal opened onClose={onClose} title={t('webhooks.secret.title')} size="lg" {...KEPT_FIRST}>
      <ShownOnce
        label={t('webhooks.secret.label')}
        text={secret}
        kept={t('webhooks.secret.kept')}
        onKept={onClose}
      >
        {t('webhooks.secret.once')}
      </ShownOnce>
    </Modal>
  );
}
