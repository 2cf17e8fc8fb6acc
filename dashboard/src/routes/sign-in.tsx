import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { post } from '../api.ts';
import { Callout } from '../components/tone.tsx';
import { Outside } from '../layout/outside.tsx';
import { problemText } from '../words/problem-words.ts';

/** An address within the dashboard; anything else somebody may have put into the link is dropped. */
function within(next: unknown): string {
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : '/';
}

export function SignIn() {
  const { t } = useTranslation();
  const { next } = useSearch({ strict: false }) as { next?: unknown };
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const form = useForm({ mode: 'uncontrolled', initialValues: { email: '', password: '' } });
  const signIn = useMutation({
    meta: { showsError: true },
    mutationFn: (credentials: { email: string; password: string }) => post('/v1/sign-in', credentials),
    onSuccess: async () => {
      queryClient.clear();
      await navigate({ href: within(next) });
    },
  });
  return (
    <Outside title={t('session.signIn')} lead={t('session.signInLead')}>
      <form onSubmit={form.onSubmit((values) => signIn.mutate(values))}>
        <Stack>
          {signIn.isError && <Callout tone="bad" title={problemText(signIn.error, t('common.unexpected'))} />}
          <TextInput
            label={t('session.email')}
            type="email"
            autoComplete="username"
            required
            withAsterisk={false}
            key={form.key('email')}
            {...form.getInputProps('email')}
          />
          <PasswordInput
            label={t('session.password')}
            autoComplete="current-password"
            required
            withAsterisk={false}
            key={form.key('password')}
            {...form.getInputProps('password')}
          />
          <Button type="submit" loading={signIn.isPending}>
            {t('session.signIn')}
          </Button>
        </Stack>
      </form>
    </Outside>
  );
}
