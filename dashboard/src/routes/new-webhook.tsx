import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { accountPath, post } from '../api.ts';
import { Page } from '../components/page.tsx';
import { Callout } from '../components/tone.tsx';
import type { WebhookView } from '../data/webhooks.ts';
import { useMayChange } from '../session.ts';
import { BackToWebhooks } from '../webhooks/back.tsx';
import { bodyOf, draftOf, emptyDraft, statusOf, type WebhookDraft } from '../webhooks/draft.ts';
import { WebhookEditor } from '../webhooks/editor.tsx';
import { SecretOnce } from '../webhooks/secret-once.tsx';

const route = getRouteApi('/signed-in/accounts/$account/webhooks/new');

/** Where a webhook is added, by those who may. */
export function NewWebhook() {
  const { t } = useTranslation();
  const { account } = route.useParams();
  const mayChange = useMayChange(account);
  return (
    <Page title={t('webhooks.add')} before={<BackToWebhooks account={account} />}>
      {mayChange ? <Add account={account} /> : <Callout tone="warn" title={t('webhooks.mayNotAdd')} />}
    </Page>
  );
}

/** A webhook that isn't there yet. Its secret is shown once it is, and never again. */
function Add({ account }: { account: string }) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [made, setMade] = useState<(WebhookView & { secret: string }) | undefined>();
  const [draft] = useState(emptyDraft);
  const [toBeClosed, setToBeClosed] = useState(false);
  const path = accountPath(account, 'webhooks');
  const save = async (values: WebhookDraft) => {
    const body = { ...bodyOf(values), status: statusOf(values) };
    const answer = await post<WebhookView & { secret: string }>(path, body);
    setMade(answer);
    await queryClient.invalidateQueries({ queryKey: [path] });
    return draftOf(answer);
  };
  const toList = () => void navigate({ to: '/accounts/$account/webhooks', params: { account } });
  const toWebhook = (webhook: string) =>
    void navigate({ to: '/accounts/$account/webhooks/$webhook', params: { account, webhook } });
  return (
    <>
      <WebhookEditor
        account={account}
        draft={draft}
        readOnly={false}
        save={save}
        // Its secret is on the screen then, and closing that leads on.
        onSaved={setToBeClosed}
        cancel={toList}
      />
      {made && (
        <SecretOnce secret={made.secret} onClose={() => (toBeClosed ? toList() : toWebhook(made.id))} />
      )}
    </>
  );
}
