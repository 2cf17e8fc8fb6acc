import { Button, Modal, Select, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconShieldCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CodeExamples } from '../components/code-examples.tsx';
import { profileExamplesQuery } from '../data/code-examples.ts';
import { profilesQuery, useProfile } from '../data/profiles.ts';

/** Shows how receivers verify what is sent, in any wire format; at first that of the account. */
export function VerifyButton({ account }: { account: string }) {
  const { t } = useTranslation();
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button variant="default" leftSection={<IconShieldCheck size={16} aria-hidden />} onClick={open}>
        {t('verify.title')}
      </Button>
      <Modal opened={opened} onClose={close} size="xl" title={t('verify.title')}>
        <OfProfile account={account} />
      </Modal>
    </>
  );
}

function OfProfile({ account }: { account: string }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState('');
  const { data: profiles } = useQuery(profilesQuery);
  const profile = useProfile(account, chosen);
  const query = useQuery({
    ...profileExamplesQuery(profile?.name ?? ''),
    enabled: profile !== undefined,
  });
  return (
    <Stack>
      <Select
        label={t('verify.profile')}
        w={280}
        maw="100%"
        allowDeselect={false}
        data={(profiles ?? []).map(({ name, title }) => ({ value: name, label: title }))}
        value={profile?.name ?? null}
        onChange={(name) => setChosen(name ?? '')}
      />
      <CodeExamples query={query} />
    </Stack>
  );
}
