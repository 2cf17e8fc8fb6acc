import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { accountPath, post } from '../api.ts';
import { Page } from '../components/page.tsx';
import type { WebhookView } from '../data/webhooks.ts';
import { useMayChange } from '../session.ts';
import { BackToWebhooks } from '../webhooks/back.tsx';
import { bodyOf, emptyDraft, type WebhookDraft } from '../webhooks/draft.ts';
import { WebhookEditor } from '../webhooks/editor.tsx';
import { SecretOnce } from '../webhooks/secret-once.tsx';

const route = getRouteApi('/signed-in/accounts/$account/webhooks/new');

/** A webhook that isn't there yet. Its secret is shown once it is, and never again. */
export function NewWebhook() {
  const { t } = useTranslation();
  const { account } = route.useParams();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const mayChange = useMayChange(account);
  const [made, setMade] = useState<(WebhookView & { secret: string }) | undefined>();
  const [draft] = useState(emptyDraft);
  const path = accountPath(account, 'webhooks');
  const save = async (values: WebhookDraft) => {
    const status = values.active ? 'active' : 'paused';
    setMade(await post<WebhookView & { secret: string }>(path, { ...bodyOf(values), status }));
    await queryClient.invalidateQueries({ queryKey: [path] });
  };
  const toList = () => void navigate({ to: '/accounts/$account/webhooks', params: { account } });
  return (
    <Page title={t('webhooks.add')} before={<BackToWebhooks account={account} />}>
      <WebhookEditor
        account={account}
        draft={draft}
        readOnly={!mayChange}
        save={save}
        close={() => {
          // With the secret still on the screen, closing that leads on.
          if (made === undefined) toList();
        }}
      />
      {made && (
        <SecretOnce
          secret={made.secret}
          onClose={() =>
            void navigate({
              to: '/accounts/$account/webhooks/$webhook',
              params: { account, webhook: made.id },
            })
          }
        />
      )}
    </Page>
  );
}
