import { Button, Group, PasswordInput, Stack, Table, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ApiProblem, get, post } from '../api.ts';
import { ActionsHead } from '../components/actions-head.tsx';
import { Page, Panel } from '../components/page.tsx';
import { Queried } from '../components/states.tsx';
import { Time } from '../components/time.tsx';
import { Callout, ToneBadge } from '../components/tone.tsx';
import { useChange } from '../people/people-data.ts';
import { useMe } from '../session.ts';
import { fieldText, problemText } from '../words/problem-words.ts';

interface SessionView {
  readonly id: string;
  readonly current: boolean;
  readonly address: string | null;
  readonly userAgent: string | null;
  readonly createdAt: string;
  readonly expiresAt: string;
}

const SESSIONS = '/v1/me/sessions';

/** One's own password, and where one is signed in. */
export function Profile() {
  const { t } = useTranslation();
  const { email } = useMe();
  return (
    <Page title={t('people.profile.title')} lead={email}>
      <Panel title={t('people.profile.password')} padded>
        <PasswordForm />
      </Panel>
      <Panel title={t('people.profile.sessions')}>
        <Sessions />
      </Panel>
    </Page>
  );
}

function PasswordForm() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const form = useForm({ initialValues: { currentPassword: '', newPassword: '' } });
  const change = useMutation({
    meta: { showsError: true },
    mutationFn: (values: { currentPassword: string; newPassword: string }) => post('/v1/me/password', values),
    onSuccess: async () => {
      form.reset();
      // All others have ended, and this one is new.
      await queryClient.invalidateQueries({ queryKey: [SESSIONS] });
      notifications.show({ color: 'teal', message: t('people.profile.changed') });
    },
  });
  const errors = change.error instanceof ApiProblem ? change.error.errors : [];
  return (
    <form onSubmit={form.onSubmit((values) => change.mutate(values))}>
      <Stack maw={420}>
        {change.isError && <Callout tone="bad" title={problemText(change.error, t('common.unexpected'))} />}
        <PasswordInput
          label={t('people.profile.current')}
          autoComplete="current-password"
          required
          withAsterisk={false}
          {...form.getInputProps('currentPassword')}
        />
        <PasswordInput
          label={t('people.profile.new')}
          description={t('people.profile.newHint')}
          autoComplete="new-password"
          required
          withAsterisk={false}
          {...form.getInputProps('newPassword')}
          error={errors.filter(({ path }) => path === 'newPassword').map(fieldText)[0]}
        />
        <Group>
          <Button type="submit" loading={change.isPending}>
            {t('people.profile.change')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Sessions() {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: [SESSIONS],
    queryFn: async ({ signal }) =>
      (await get<{ data: readonly SessionView[] }>(SESSIONS, undefined, signal)).data,
  });
  return (
    <Queried query={query} rows={3}>
      {(sessions) => (
        <Table.ScrollContainer minWidth={520}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('people.profile.columns.where')}</Table.Th>
                <Table.Th>{t('people.profile.columns.since')}</Table.Th>
                <Table.Th>{t('people.profile.columns.expires')}</Table.Th>
                <ActionsHead />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {sessions.map((session) => (
                <Session key={session.id} session={session} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Queried>
  );
}

function Session({ session }: { session: SessionView }) {
  const { t } = useTranslation();
  const end = useChange(SESSIONS);
  return (
    <Table.Tr>
      <Table.Td maw={420}>
        <Text size="sm" className="foreign">
          {session.address ?? t('people.profile.unknown')}
        </Text>
        <Text size="xs" c="dimmed" className="cut" title={session.userAgent ?? ''}>
          {session.userAgent}
        </Text>
      </Table.Td>
      <Table.Td>
        <Time at={session.createdAt} />
      </Table.Td>
      <Table.Td>
        <Time at={session.expiresAt} />
      </Table.Td>
      <Table.Td ta="right">
        {session.current ? (
          <ToneBadge tone="good">{t('people.profile.thisOne')}</ToneBadge>
        ) : (
          <Button
            size="xs"
            variant="subtle"
            onClick={() => end.mutate({ method: 'DELETE', at: `${SESSIONS}/${session.id}` })}
          >
            {t('people.profile.end')}
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
