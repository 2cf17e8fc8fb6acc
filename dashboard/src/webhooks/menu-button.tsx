import { ActionIcon } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { WebhookView } from '../data/webhooks.ts';

export interface MenuButtonProps {
  readonly webhook: WebhookView;
  /** Whether it is this one's menu that is open. */
  readonly opened: boolean;
  readonly onOpen: (webhook: WebhookView, button: HTMLElement) => void;
  readonly onClose: () => void;
}

/** Opens the menu of a row. All rows have the same one, which stands beside the table. */
export function MenuButton({ webhook, opened, onOpen, onClose }: MenuButtonProps) {
  const { t } = useTranslation();
  const id = menuButtonId(webhook.id);
  return (
    <ActionIcon
      id={id}
      variant="subtle"
      color="gray"
      aria-label={t('webhooks.menu', { name: webhook.name || webhook.url })}
      aria-haspopup="menu"
      aria-expanded={opened}
      {...(opened && { 'aria-controls': `${id}-dropdown` })}
      onClick={({ currentTarget }) => (opened ? onClose() : onOpen(webhook, currentTarget))}
    >
      <IconDots size={18} aria-hidden />
    </ActionIcon>
  );
}

/** Mantine names a menu by the id of what opens it. */
export function menuButtonId(webhookId: string): string {
  return `menu-of-${webhookId}`;
}
