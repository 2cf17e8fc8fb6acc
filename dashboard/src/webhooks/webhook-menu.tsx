import { Menu } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { type RefCallback, type RefObject, useLayoutEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { besides, useLeadOn } from '../components/lead-on.ts';
import { useSetRunning } from '../data/webhook-changes.ts';
import type { WebhookView } from '../data/webhooks.ts';
import { DeleteWebhook } from './delete-webhook.tsx';
import { menuButtonId } from './menu-button.tsx';
import { TestResult, useTest } from './test-send.tsx';
import { WebhookMenuItems } from './webhook-menu-items.tsx';

/** The webhook of a row, and the button that was pressed in it. */
export interface Chosen {
  readonly webhook: WebhookView;
  /** What has the focus again, once what it opened is closed. */
  readonly button: RefObject<HTMLElement | null>;
}

interface Props {
  readonly account: string;
  /** undefined until one is. */
  readonly chosen: Chosen | undefined;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** What can be done with the webhook that was chosen last, short of changing it, and the dialogs that leads to. */
export function WebhookMenu({ account, chosen, opened, onClose }: Props) {
  const test = useTest(account);
  const toggle = useToggle(account);
  const [tested, setTested] = useState<Chosen>();
  const [deleting, { open, close }] = useDisclosure(false);
  const leadOn = useLeadOn();
  const send = (one: Chosen) => {
    setTested(one);
    test.mutate(one.webhook.id);
  };
  return (
    <>
      <Menu
        opened={opened}
        onClose={onClose}
        position="bottom-end"
        width={190}
        {...(chosen && { id: menuButtonId(chosen.webhook.id) })}
      >
        <Menu.Target>
          <StandIn button={chosen?.button.current ?? null} />
        </Menu.Target>
        <Menu.Dropdown>
          {chosen && (
            <WebhookMenuItems
              account={account}
              webhook={chosen.webhook}
              testing={test.isPending}
              onTest={() => send(chosen)}
              onToggle={() => {
                const next = besides(chosen.button.current);
                leadOn(chosen.button.current, () => next);
                toggle(chosen.webhook);
              }}
              onDelete={open}
            />
          )}
        </Menu.Dropdown>
      </Menu>
      {tested && (
        <TestResult account={account} webhook={tested.webhook} test={test} returnTo={tested.button} />
      )}
      {chosen && (
        <DeleteWebhook
          account={account}
          webhook={chosen.webhook}
          opened={deleting}
          onClose={close}
          onDeleted={() => {
            chosen.button.current = besides(chosen.button.current);
          }}
          returnTo={chosen.button}
        />
      )}
    </>
  );
}

/** Pauses a webhook, or lets it run again, and says so. */
function useToggle(account: string): (webhook: WebhookView) => void {
  const { t } = useTranslation();
  const setRunning = useSetRunning(account);
  return ({ id, status }) => {
    const running = status !== 'active';
    const message = t(running ? 'webhooks.done.resumed' : 'webhooks.done.paused');
    setRunning.mutate({ id, running }, { onSuccess: () => notifications.show({ message }) });
  };
}

/** Tells the menu which button of the table it belongs to; there is nothing to be seen of it. */
function StandIn({ button, ref }: { button: HTMLElement | null; ref?: RefCallback<HTMLElement> }) {
  useLayoutEffect(() => {
    ref?.(button);
    return () => void ref?.(null);
  }, [button, ref]);
  return null;
}
