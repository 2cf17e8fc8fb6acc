import { Button, PasswordInput, Select, Stack, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Callout } from '../components/tone.tsx';
import { CertificateFields } from './certificate-fields.tsx';
import type { AuthDraft, AuthType } from './credentials-draft.ts';
import type { TabProps } from './editor.tsx';

const TYPES: readonly AuthType[] = ['none', 'basic', 'bearer', 'header', 'oauth2'];

/** What the API calls the fields that stand below the choice. */
const FIELDS = [
  'username',
  'password',
  'token',
  'name',
  'value',
  'tokenUrl',
  'clientId',
  'clientSecret',
  'scope',
] as const;

/** How requests say who sends them. What is kept is never shown; it can only be written anew. */
export function AuthenticationTab(props: TabProps) {
  const { webhookId, form, readOnly, problemAt } = props;
  const { t } = useTranslation();
  const { auth } = form.values;
  const set = (change: Partial<AuthDraft>) =>
    form.setFieldValue('auth', { ...auth, ...change, changed: true });
  const ofField = FIELDS.some((name) => problemAt(`auth.${name}`));
  const kept = webhookId !== undefined && auth.type !== 'none' && !auth.changed;
  return (
    <Stack maw={560}>
      {webhookId === undefined && (
        <TextInput
          label={t('webhooks.fields.secret')}
          description={t('webhooks.hints.secret')}
          placeholder={t('webhooks.secretIsMade')}
          autoComplete="off"
          {...form.getInputProps('secret')}
          error={problemAt('secret')}
        />
      )}
      <Select
        label={t('webhooks.fields.auth')}
        description={t('webhooks.hints.auth')}
        allowDeselect={false}
        data={TYPES.map((value) => ({ value, label: t(`webhooks.auth.${value}`) }))}
        value={auth.type}
        onChange={(type) => set({ type: type as AuthType })}
        error={ofField ? undefined : problemAt('auth')}
      />
      {kept ? (
        <Callout tone="quiet" title={t('webhooks.auth.kept')}>
          {!readOnly && (
            <Button size="xs" variant="default" mt="xs" onClick={() => set({})}>
              {t('webhooks.auth.change')}
            </Button>
          )}
        </Callout>
      ) : (
        <Credentials auth={auth} set={set} problemAt={problemAt} />
      )}
      <CertificateFields {...props} />
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
