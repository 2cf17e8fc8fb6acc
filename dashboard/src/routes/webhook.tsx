import { Button, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconListDetails } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { accountPath, patch } from '../api.ts';
import { ButtonLink } from '../components/links.tsx';
import { Page } from '../components/page.tsx';
import { Failed, Loading } from '../components/states.tsx';
import type { ChangedWebhook } from '../data/webhook-changes.ts';
import { type WebhookView, webhookQuery } from '../data/webhooks.ts';
import { offerMissed } from '../replays/missed-offers.ts';
import { useMayChange } from '../session.ts';
import { BackToWebhooks } from '../webhooks/back.tsx';
import { DeleteWebhook } from '../webhooks/delete-webhook.tsx';
import { changesOf, draftOf, type WebhookDraft } from '../webhooks/draft.ts';
import { WebhookEditor } from '../webhooks/editor.tsx';
import { RotateSecret } from '../webhooks/rotate-secret.tsx';
import { TestSend } from '../webhooks/test-send.tsx';
import { WebhookBadge } from '../webhooks/webhook-badge.tsx';

const route = getRouteApi('/signed-in/accounts/$account/webhooks/$webhook');

/** One webhook: all it can be told, a test, a new secret, its end. */
export function Webhook() {
  const { t } = useTranslation();
  const { account, webhook: id } = route.useParams();
  const query = useQuery(webhookQuery(account, id));
  const [unsaved, setUnsaved] = useState(false);
  const webhook = query.data;
  return (
    <Page
      title={webhook?.name || webhook?.url || t('webhooks.title')}
      before={<BackToWebhooks account={account} />}
      lead={
        webhook && (
          <Group gap="sm">
            <WebhookBadge webhook={webhook} />
            <Text size="sm" className="foreign">
              {webhook.url}
            </Text>
          </Group>
        )
      }
      actions={webhook && <Actions account={account} webhook={webhook} unsaved={unsaved} />}
    >
      <Fresh key={id} account={account} id={id} onDirty={setUnsaved} />
    </Page>
  );
}

interface FreshProps {
  readonly account: string;
  readonly id: string;
  readonly onDirty: (dirty: boolean) => void;
}

/** What somebody is going to change is read anew first: what was kept from before may be old. */
function Fresh({ account, id, onDirty }: FreshProps) {
  const [openedAt] = useState(Date.now);
  const query = useQuery({ ...webhookQuery(account, id), refetchOnMount: 'always' });
  if (query.data && query.dataUpdatedAt >= openedAt) {
    return <Edit account={account} webhook={query.data} onDirty={onDirty} />;
  }
  if (query.isError && !query.isFetching) {
    return <Failed error={query.error} retry={() => void query.refetch()} />;
  }
  return <Loading />;
}

interface ActionsProps {
  readonly account: string;
  readonly webhook: WebhookView;
  readonly unsaved: boolean;
}

function Actions({ account, webhook, unsaved }: ActionsProps) {
  const { t } = useTranslation();
  const mayChange = useMayChange(account);
  return (
    <>
      <ButtonLink
        variant="default"
        to="/accounts/$account/webhooks/$webhook/events"
        params={{ account, webhook: webhook.id }}
        leftSection={<IconListDetails size={16} aria-hidden />}
      >
        {t('webhooks.actions.events')}
      </ButtonLink>
      {mayChange && (
        <>
          <TestSend account={account} webhook={webhook} unsaved={unsaved} />
          <RotateSecret account={account} webhookId={webhook.id} />
        </>
      )}
    </>
  );
}

type EditProps = Omit<FreshProps, 'id'> & { readonly webhook: WebhookView };

function Edit({ account, webhook, onDirty }: EditProps) {
  const { t } = useTranslation();
  const mayChange = useMayChange(account);
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [deleting, setDeleting] = useState(false);
  // What is typed must not be overwritten by what is read again.
  const [draft] = useState(() => draftOf(webhook));
  const lastSaved = useRef(draft);
  const list = { to: '/accounts/$account/webhooks', params: { account } } as const;
  const toList = () => void navigate(list);
  const save = async (values: WebhookDraft): Promise<WebhookDraft> => {
    const body = changesOf(values, lastSaved.current);
    if (Object.keys(body).length === 0) {
      notifications.show({ message: t('webhooks.unchanged') });
      return lastSaved.current;
    }
    const path = accountPath(account, 'webhooks', webhook.id);
    const { missed, ...saved } = await patch<ChangedWebhook>(path, body);
    lastSaved.current = draftOf(saved);
    offerMissed(account, { id: webhook.id, ...(missed && { missed }) });
    queryClient.setQueryData(webhookQuery(account, webhook.id).queryKey, saved);
    await queryClient.invalidateQueries({ queryKey: [accountPath(account, 'webhooks')] });
    notifications.show({ color: 'teal', message: t('common.saved') });
    return lastSaved.current;
  };
  return (
    <Stack gap="xl">
      <WebhookEditor
        account={account}
        webhookId={webhook.id}
        draft={draft}
        readOnly={!mayChange}
        save={save}
        onDirty={onDirty}
        onSaved={(andClose) => andClose && toList()}
        cancel={toList}
      />
      {mayChange && (
        <div>
          <Button variant="default" c="var(--mantine-color-error)" onClick={() => setDeleting(true)}>
            {t('webhooks.actions.delete')}
          </Button>
          <DeleteWebhook
            account={account}
            webhook={webhook}
            opened={deleting}
            onClose={() => setDeleting(false)}
            // What wasn't saved is of no use any more.
            onDeleted={() => void navigate({ ...list, ignoreBlocker: true })}
          />
        </div>
      )}
    </Stack>
  );
}
