import { ActionIcon, Menu } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import {
  IconDots,
  IconListDetails,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconSend,
  IconTrash,
} from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { type RefObject, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Confirm } from '../components/confirm.tsx';
import { useDeleteWebhook, useSetRunning } from '../data/webhook-changes.ts';
import type { WebhookView } from '../data/webhooks.ts';
import { useMayChange } from '../session.ts';
import { TestResult, useTest } from './test-send.tsx';

interface Props {
  readonly account: string;
  readonly webhook: WebhookView;
}

/** What can be done with a webhook, short of changing it. */
export function WebhookMenu({ account, webhook }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const mayChange = useMayChange(account);
  const [deleting, { open, close }] = useDisclosure(false);
  const button = useRef<HTMLButtonElement>(null);
  const test = useTest({ account, webhook });
  const setRunning = useSetRunning(account);
  const name = webhook.name || webhook.url;
  const running = webhook.status === 'active';
  const params = { account, webhook: webhook.id };
  const toggle = () =>
    setRunning.mutate(
      { id: webhook.id, running: !running },
      {
        onSuccess: () =>
          notifications.show({ message: t(running ? 'webhooks.done.paused' : 'webhooks.done.resumed') }),
      },
    );
  return (
    <>
      <Menu position="bottom-end" width={190}>
        <Menu.Target>
          <ActionIcon ref={button} variant="subtle" color="gray" aria-label={t('webhooks.menu', { name })}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
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
                disabled={webhook.status === 'disabled' || test.isPending}
                onClick={() => test.mutate()}
              >
                {t('webhooks.actions.test')}
              </Menu.Item>
              <Menu.Item
                leftSection={
                  running ? (
                    <IconPlayerPause size={16} aria-hidden />
                  ) : (
                    <IconPlayerPlay size={16} aria-hidden />
                  )
                }
                onClick={toggle}
              >
                {t(
                  running
                    ? 'webhooks.actions.pause'
                    : webhook.status === 'paused'
                      ? 'webhooks.actions.resume'
                      : 'webhooks.actions.enable',
                )}
              </Menu.Item>
              <Menu.Divider />
              <Menu.Item
                c="var(--mantine-color-error)"
                leftSection={<IconTrash size={16} aria-hidden />}
                onClick={open}
              >
                {t('webhooks.actions.delete')}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <TestResult account={account} webhook={webhook} test={test} returnTo={button} />
      <DeleteWebhook
        account={account}
        webhook={webhook}
        opened={deleting}
        onClose={close}
        returnTo={button}
      />
    </>
  );
}

/** Asks whether a webhook is to be deleted, and does so. */
export function DeleteWebhook(
  props: Props & {
    opened: boolean;
    onClose: () => void;
    onDeleted?: () => void;
    returnTo?: RefObject<HTMLElement | null>;
  },
) {
  const { account, webhook, opened, onClose, onDeleted, returnTo } = props;
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
