import { Button, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconMailPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { AlertRecipientView } from '../../../src/manage/alert-recipients.ts';
import { ActionsHead } from '../components/actions-head.tsx';
import { Listed, useListing } from '../components/listing.tsx';
import { Panel } from '../components/page.tsx';
import { Callout } from '../components/tone.tsx';
import { LANGUAGES } from '../i18n.ts';
import { peoplePath, useChange } from '../people/people-data.ts';
import { useMay } from '../session.ts';
import { RecipientForm } from './recipient-form.tsx';

/** Who is told of an account's alerts by mail, or (null) of all accounts'. */
export function Recipients({ account }: { account: string | null }) {
  const { t } = useTranslation();
  const mayChange = useMay('change', account);
  const at = peoplePath(account, 'alert-recipients');
  const listing = useListing<AlertRecipientView>(at);
  const [first] = listing.data?.pages ?? [];
  const silent = first !== undefined && 'mailConfigured' in first && first.mailConfigured === false;
  return (
    <Panel
      title={t(account === null ? 'alerts.mail.titleAll' : 'alerts.mail.title')}
      actions={mayChange && <Add account={account} />}
    >
      {silent && <Callout tone="quiet" title={t('alerts.mail.silent')} />}
      <Listed
        listing={listing}
        empty={
          <Text size="sm" c="dimmed" px="md" pb="md">
            {t('alerts.mail.nobody')}
          </Text>
        }
      >
        {(recipients) => <RecipientTable at={at} recipients={recipients} mayChange={mayChange} />}
      </Listed>
    </Panel>
  );
}

function Add({ account }: { account: string | null }) {
  const { t } = useTranslation();
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button size="xs" variant="default" leftSection={<IconMailPlus size={15} aria-hidden />} onClick={open}>
        {t('alerts.mail.add')}
      </Button>
      <RecipientForm account={account} opened={opened} onClose={close} />
    </>
  );
}

interface TableProps {
  readonly at: string;
  readonly recipients: readonly AlertRecipientView[];
  readonly mayChange: boolean;
}

function RecipientTable({ at, recipients, mayChange }: TableProps) {
  const { t } = useTranslation();
  const change = useChange(at);
  return (
    <Table.ScrollContainer minWidth={480}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('alerts.mail.email')}</Table.Th>
            <Table.Th>{t('alerts.mail.kinds')}</Table.Th>
            <Table.Th>{t('alerts.mail.language')}</Table.Th>
            <ActionsHead />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {recipients.map(({ id, email, kinds, language }) => (
            <Table.Tr key={id}>
              <Table.Td className="foreign">{email}</Table.Td>
              <Table.Td maw={420}>
                {kinds === null
                  ? t('alerts.mail.allKinds')
                  : kinds.map((kind) => t(`alerts.kinds.${kind}`)).join(', ')}
              </Table.Td>
              <Table.Td>{LANGUAGES[language]}</Table.Td>
              <Table.Td ta="right">
                {mayChange && (
                  <Button
                    size="xs"
                    variant="subtle"
                    color="red"
                    aria-label={t('alerts.mail.removeOne', { email })}
                    onClick={() => change.mutate({ method: 'DELETE', at: `${at}/${id}` })}
                  >
                    {t('alerts.mail.remove')}
                  </Button>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
