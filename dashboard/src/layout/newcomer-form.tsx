import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ApiProblem, post } from '../api.ts';
import { Callout } from '../components/tone.tsx';
import { fieldText, problemText } from '../words/problem-words.ts';

interface Props {
  readonly path: string;
  readonly token: string;
  /** Left out where the link says whom it is for. */
  readonly withEmail: boolean;
  readonly submit: string;
}

/** Comes in by a link: a name, a password, and that's it. */
export function NewcomerForm({ path, token, withEmail, submit }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const form = useForm({ mode: 'uncontrolled', initialValues: { email: '', name: '', password: '' } });
  const arrival = useMutation({
    meta: { showsError: true },
    mutationFn: ({ email, ...values }: { email: string; name: string; password: string }) =>
      post(path, { token, ...values, ...(withEmail && { email }) }),
    onSuccess: async () => {
      queryClient.clear();
      await navigate({ to: '/' });
    },
  });
  const errors = arrival.error instanceof ApiProblem ? arrival.error.errors : [];
  const field = (name: 'email' | 'name' | 'password') => ({
    required: true,
    withAsterisk: false,
    ...form.getInputProps(name),
    error: errors.filter(({ path: at }) => at === name).map(fieldText)[0],
  });
  return (
    <form onSubmit={form.onSubmit((values) => arrival.mutate(values))}>
      <Stack>
        {arrival.isError && <Callout tone="bad" title={problemText(arrival.error, t('common.unexpected'))} />}
        {withEmail && (
          <TextInput
            label={t('session.email')}
            type="email"
            autoComplete="username"
            key={form.key('email')}
            {...field('email')}
          />
        )}
        <TextInput label={t('session.name')} autoComplete="name" key={form.key('name')} {...field('name')} />
        <PasswordInput
          label={t('session.password')}
          description={t('session.newPasswordHint')}
          autoComplete="new-password"
          key={form.key('password')}
          {...field('password')}
        />
        <Button type="submit" loading={arrival.isPending}>
          {submit}
        </Button>
      </Stack>
    </form>
  );
}
