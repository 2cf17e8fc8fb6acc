import { Button, PasswordInput, Select, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Time } from '../components/time.tsx';
import { Callout } from '../components/tone.tsx';
import { webhookQuery } from '../data/webhooks.ts';
import type { AuthDraft, AuthType } from './draft.ts';
import type { TabProps } from './editor.tsx';

const TYPES: readonly AuthType[] = ['none', 'basic', 'bearer', 'header', 'oauth2'];

/** How requests say who sends them. What is kept is never shown; it can only be written anew. */
export function AuthenticationTab({ account, webhookId, form, problemAt }: TabProps) {
  const { t } = useTranslation();
  const { auth } = form.values;
  const set = (change: Partial<AuthDraft>) =>
    form.setFieldValue('auth', { ...auth, ...change, changed: true });
  const kept = webhookId !== undefined && auth.type !== 'none' && !auth.changed;
  return (
    <Stack maw={560}>
      <Select
        label={t('webhooks.fields.auth')}
        description={t('webhooks.hints.auth')}
        allowDeselect={false}
        data={TYPES.map((value) => ({ value, label: t(`webhooks.auth.${value}`) }))}
        value={auth.type}
        onChange={(type) => set({ type: type as AuthType })}
        error={problemAt('auth')}
      />
      {kept ? (
        <Callout tone="quiet" title={t('webhooks.auth.kept')}>
          <Button size="xs" variant="default" mt="xs" onClick={() => set({})}>
            {t('webhooks.auth.change')}
          </Button>
        </Callout>
      ) : (
        <Credentials auth={auth} set={set} problemAt={problemAt} />
      )}
      {webhookId !== undefined && <Certificate account={account} webhookId={webhookId} />}
    </Stack>
  );
}

interface CredentialsProps {
  readonly auth: AuthDraft;
  readonly set: (change: Partial<AuthDraft>) => void;
  readonly problemAt: TabProps['problemAt'];
}

function Credentials({ auth, set, problemAt }: CredentialsProps) {
  const { t } = useTranslation();
  const field = (name: keyof AuthDraft & string, path: string) => ({
    label: t(`webhooks.auth.fields.${name as 'username'}`),
    value: String(auth[name]),
    error: problemAt(`auth.${path}`),
    autoComplete: 'off',
    onChange: (event: { currentTarget: { value: string } }) => set({ [name]: event.currentTarget.value }),
  });
  switch (auth.type) {
    case 'none':
      return null;
    case 'basic':
      return (
        <>
          <TextInput {...field('username', 'username')} />
          <PasswordInput {...field('password', 'password')} />
        </>
      );
    case 'bearer':
      return <PasswordInput {...field('token', 'token')} />;
    case 'header':
      return (
        <>
          <TextInput {...field('headerName', 'name')} />
          <PasswordInput {...field('headerValue', 'value')} />
        </>
      );
    case 'oauth2':
      return (
        <>
          <TextInput {...field('tokenUrl', 'tokenUrl')} type="url" />
          <TextInput {...field('clientId', 'clientId')} />
          <PasswordInput {...field('clientSecret', 'clientSecret')} />
          <TextInput {...field('scope', 'scope')} />
        </>
      );
  }
}

/** The client certificate that is shown to receivers who ask for one, and when it ends. */
function Certificate({ account, webhookId }: { account: string; webhookId: string }) {
  const { t } = useTranslation();
  const { data: webhook } = useQuery(webhookQuery(account, webhookId));
  const certificate = webhook?.clientCertificate;
  if (!certificate) return null;
  return (
    <Callout tone={certificate.expiresSoon ? 'warn' : 'quiet'} title={t('webhooks.certificate.title')}>
      <Text size="sm" className="foreign">
        {certificate.subject}
      </Text>
      <Text size="sm">
        {t('webhooks.certificate.expires')} <Time at={certificate.notAfter} />
      </Text>
    </Callout>
  );
}
