import { Menu } from '@mantine/core';
import {
  IconListDetails,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconSend,
  IconTrash,
} from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { WebhookView } from '../data/webhooks.ts';
import { useMayChange } from '../session.ts';

interface Props {
  readonly account: string;
  readonly webhook: WebhookView;
  /** Whether a test is being sent. */
  readonly testing: boolean;
  readonly onTest: () => void;
  readonly onToggle: () => void;
  readonly onDelete: () => void;
}

/** What a menu has for a webhook. */
export function WebhookMenuItems({ account, webhook, testing, onTest, onToggle, onDelete }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const mayChange = useMayChange(account);
  const params = { account, webhook: webhook.id };
  return (
    <>
      <Menu.Item
        leftSection={<IconListDetails size={16} aria-hidden />}
        onClick={() => void navigate({ to: '/accounts/$account/webhooks/$webhook/events', params })}
      >
        {t('webhooks.actions.events')}
      </Menu.Item>
      {mayChange && (
        <>
          <Menu.Item
            leftSection={<IconPencil size={16} aria-hidden />}
            onClick={() => void navigate({ to: '/accounts/$account/webhooks/$webhook', params })}
          >
            {t('webhooks.actions.edit')}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconSend size={16} aria-hidden />}
            disabled={webhook.status === 'disabled' || testing}
            onClick={onTest}
          >
            {t('webhooks.actions.test')}
          </Menu.Item>
          <RunningItem status={webhook.status} onToggle={onToggle} />
          <Menu.Divider />
          <Menu.Item
            c="var(--mantine-color-error)"
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={onDelete}
          >
            {t('webhooks.actions.delete')}
          </Menu.Item>
        </>
      )}
    </>
  );
}

/** Pauses it, or lets it run again. */
function RunningItem({ status, onToggle }: { status: WebhookView['status']; onToggle: () => void }) {
  const { t } = useTranslation();
  const running = status === 'active';
  const Icon = running ? IconPlayerPause : IconPlayerPlay;
  return (
    <Menu.Item leftSection={<Icon size={16} aria-hidden />} onClick={onToggle}>
      {t(
        running
          ? 'webhooks.actions.pause'
          : status === 'paused'
            ? 'webhooks.actions.resume'
            : 'webhooks.actions.enable',
      )}
    </Menu.Item>
  );
}
