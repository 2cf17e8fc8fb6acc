import { notifications } from '@mantine/notifications';
import type { RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { Confirm } from '../components/confirm.tsx';
import { useDeleteWebhook } from '../data/webhook-changes.ts';
import type { WebhookView } from '../data/webhooks.ts';

interface Props {
  readonly account: string;
  readonly webhook: WebhookView;
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onDeleted?: () => void;
  readonly returnTo?: RefObject<HTMLElement | null>;
}

/** Asks whether a webhook is to be deleted, and does so. */
export function DeleteWebhook({ account, webhook, opened, onClose, onDeleted, returnTo }: Props) {
  const { t } = useTranslation();
  const deletion = useDeleteWebhook(account);
  const confirm = () =>
    deletion.mutate(webhook.id, {
      onSuccess: () => {
        notifications.show({ message: t('webhooks.done.deleted') });
        onClose();
        onDeleted?.();
      },
    });
  return (
    <Confirm
      opened={opened}
      onClose={onClose}
      title={t('webhooks.deleting.title')}
      confirm={t('webhooks.deleting.confirm')}
      busy={deletion.isPending}
      onConfirm={confirm}
      returnTo={returnTo}
    >
      {t('webhooks.deleting.text', { name: webhook.name || webhook.url })}
    </Confirm>
  );
}
