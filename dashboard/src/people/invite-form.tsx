import { Button, Group, Modal, Radio, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { KEPT_FIRST, ShownOnce } from '../components/shown-once.tsx';
import { Callout } from '../components/tone.tsx';
import { type Role, useMayMakeOwners } from '../session.ts';
import { problemText } from '../words/problem-words.ts';
import { type InvitationView, peoplePath, useChange } from './people-data.ts';

const ROLES: readonly Role[] = ['viewer', 'admin', 'owner'];

/** Invites somebody; what is handed to them is a link that is shown this once. */
export function InviteForm(props: { account: string | null; opened: boolean; onClose: () => void }) {
  const { account, opened, onClose } = props;
  const { t } = useTranslation();
  const form = useForm<{ email: string; role: Role }>({ initialValues: { email: '', role: 'viewer' } });
  const at = peoplePath(account, 'invitations');
  const mayMakeOwners = useMayMakeOwners(account);
  const invite = useChange<InvitationView & { url: string }>(at, { showsError: true });
  // Only once it has faded out: until then the form would stand where the link was.
  const clear = () => {
    invite.reset();
    form.reset();
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      onExitTransitionEnd={clear}
      title={t(invite.data ? 'people.link.title' : 'people.invite')}
      {...((invite.data || invite.isPending) && KEPT_FIRST)}
    >
      {invite.data ? (
        <ShownOnce
          label={t('people.link.label')}
          text={invite.data.url}
          kept={t('people.link.done')}
          onKept={onClose}
        >
          {t('people.link.text', { email: invite.data.email })}
        </ShownOnce>
      ) : (
        <form onSubmit={form.onSubmit((body) => invite.mutate({ method: 'POST', at, body }))}>
          <Stack>
            {invite.isError && (
              <Callout tone="bad" title={problemText(invite.error, t('common.unexpected'))} />
            )}
            <TextInput
              label={t('people.email')}
              type="email"
              required
              withAsterisk={false}
              {...form.getInputProps('email')}
            />
            <Radio.Group label={t('people.role')} {...form.getInputProps('role')}>
              <Stack gap="xs" mt={4}>
                {ROLES.filter((role) => mayMakeOwners || role !== 'owner').map((role) => (
                  <Radio
                    key={role}
                    value={role}
                    label={t(`people.roles.${role}`)}
                    description={t(`people.roleHints.${role}`)}
                  />
                ))}
              </Stack>
            </Radio.Group>
            <Group justify="flex-end">
              <Button type="submit" loading={invite.isPending}>
                {t('people.invite')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
