import { Button, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconMailPlus } from '@tabler/icons-react';
import { type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AlertRecipientView } from '../../../src/manage/alert-recipients.ts';
import { ActionsHead } from '../components/actions-head.tsx';
import { Confirm } from '../components/confirm.tsx';
import { besideRow } from '../components/lead-on.ts';
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
  const removal = useRemoval(at);
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
        {(recipients) => (
          <RecipientTable recipients={recipients} onRemove={mayChange ? removal.ask : undefined} />
        )}
      </Listed>
      {removal.question}
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

type Remove = (recipient: AlertRecipientView, button: HTMLElement) => void;

/** Asks before somebody is told no more, says so after, and leads the focus on. */
function useRemoval(at: string): { readonly ask: Remove; readonly question: ReactNode } {
  const { t } = useTranslation();
  const change = useChange(at);
  const [asked, { open, close }] = useDisclosure(false);
  const [chosen, setChosen] = useState<Chosen>();
  const returnTo = useRef<HTMLElement>(null);
  const ask: Remove = ({ id, email }, button) => {
    returnTo.current = button;
    setChosen({ id, email, next: besideRow(button) });
    open();
  };
  const remove = ({ id, email, next }: Chosen) =>
    change.mutate(
      { method: 'DELETE', at: `${at}/${id}` },
      {
        onSuccess: () => {
          returnTo.current = next;
          notifications.show({ message: t('alerts.mail.removed', { email }) });
        },
        onSettled: close,
      },
    );
  const question = chosen && (
    <Confirm
      opened={asked}
      onClose={close}
      title={t('alerts.mail.removing', { email: chosen.email })}
      confirm={t('alerts.mail.remove')}
      busy={change.isPending}
      onConfirm={() => remove(chosen)}
      returnTo={returnTo}
    >
      {t('alerts.mail.removingText')}
    </Confirm>
  );
  return { ask, question };
}

interface Chosen extends Pick<AlertRecipientView, 'id' | 'email'> {
  readonly next: HTMLElement | null;
}

interface TableProps {
  readonly recipients: readonly AlertRecipientView[];
  /** undefined: who looks may not. */
  readonly onRemove: Remove | undefined;
}

function RecipientTable({ recipients, onRemove }: TableProps) {
  const { t } = useTranslation();
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
          {recipients.map((recipient) => (
            <Table.Tr key={recipient.id}>
              <Table.Td className="foreign">{recipient.email}</Table.Td>
              <Table.Td maw={420}>
                {recipient.kinds === null
                  ? t('alerts.mail.allKinds')
                  : recipient.kinds.map((kind) => t(`alerts.kinds.${kind}`)).join(', ')}
              </Table.Td>
              <Table.Td>{LANGUAGES[recipient.language]}</Table.Td>
              <Table.Td ta="right">
                {onRemove && (
                  <Button
                    size="xs"
                    variant="subtle"
                    color="red"
                    aria-label={t('alerts.mail.removeOne', { email: recipient.email })}
                    onClick={(event) => onRemove(recipient, event.currentTarget)}
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
