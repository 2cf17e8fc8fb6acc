import { Button, Group, Modal, Stack, Table, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '../api.ts';
import { ActionsHead } from '../components/actions-head.tsx';
import { Confirm } from '../components/confirm.tsx';
import { Panel } from '../components/page.tsx';
import { KEPT_FIRST, ShownOnce } from '../components/shown-once.tsx';
import { Empty, Queried } from '../components/states.tsx';
import { Time } from '../components/time.tsx';
import { Callout } from '../components/tone.tsx';
import { useMay } from '../session.ts';
import { problemText } from '../words/problem-words.ts';
import { keyName } from './key-name.ts';
import { peoplePath, useChange } from './people-data.ts';

interface KeyView {
  readonly id: string;
  readonly name: string;
  readonly hint: string;
  readonly createdAt: string;
}

/** The keys of an account, or (null) of the platform. Only people of the platform make and revoke keys. */
export function KeyList({ account }: { account: string | null }) {
  const { t } = useTranslation();
  const mayChange = useMay('change', null);
  const path = peoplePath(account, 'keys');
  const query = useQuery({
    queryKey: [path],
    queryFn: async ({ signal }) => (await get<{ data: readonly KeyView[] }>(path, undefined, signal)).data,
  });
  return (
    <Panel title={t('people.keys.title')} actions={mayChange && <MakeKey path={path} />}>
      <Queried query={query} rows={3}>
        {(keys) =>
          keys.length === 0 ? (
            <Empty title={t('people.keys.empty.title')} icon={<IconKey size={26} />}>
              {t('people.keys.empty.text')}
            </Empty>
          ) : (
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('people.keys.columns.name')}</Table.Th>
                  <Table.Th>{t('people.keys.columns.hint')}</Table.Th>
                  <Table.Th>{t('people.keys.columns.created')}</Table.Th>
                  <ActionsHead />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {keys.map((key) => (
                  <KeyRow key={key.id} view={key} path={path} mayChange={mayChange} />
                ))}
              </Table.Tbody>
            </Table>
          )
        }
      </Queried>
    </Panel>
  );
}

function KeyRow({ view, path, mayChange }: { view: KeyView; path: string; mayChange: boolean }) {
  const { t } = useTranslation();
  const [revoking, { open, close }] = useDisclosure(false);
  const change = useChange(path, { showsError: true });
  return (
    <Table.Tr>
      <Table.Td className="foreign">{keyName(t, view.name)}</Table.Td>
      <Table.Td className="mono">…{view.hint}</Table.Td>
      <Table.Td>
        <Time at={view.createdAt} />
      </Table.Td>
      <Table.Td ta="right">
        {mayChange && (
          <Button size="xs" variant="subtle" color="red" onClick={open}>
            {t('people.keys.revoke')}
          </Button>
        )}
        <Confirm
          opened={revoking}
          onClose={close}
          title={t('people.keys.revoking.title', { name: keyName(t, view.name) })}
          confirm={t('people.keys.revoke')}
          busy={change.isPending}
          onConfirm={() =>
            change.mutate({ method: 'DELETE', at: `${path}/${view.id}` }, { onSuccess: close })
          }
        >
          {change.isError && <Callout tone="bad" title={problemText(change.error, t('common.unexpected'))} />}
          {t('people.keys.revoking.text')}
        </Confirm>
      </Table.Td>
    </Table.Tr>
  );
}

function MakeKey({ path }: { path: string }) {
  const { t } = useTranslation();
  const [opened, { open, close }] = useDisclosure(false);
  const [name, setName] = useState('');
  const make = useChange<{ id: string; key: string }>(path, { showsError: true });
  // Only once it has faded out: until then the form would stand where the key was.
  const clear = () => {
    make.reset();
    setName('');
  };
  return (
    <>
      <Button size="xs" leftSection={<IconPlus size={15} aria-hidden />} onClick={open}>
        {t('people.keys.make')}
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        onExitTransitionEnd={clear}
        title={t('people.keys.make')}
        {...((make.data || make.isPending) && KEPT_FIRST)}
      >
        {make.data ? (
          <ShownOnce
            label={t('people.keys.label')}
            text={make.data.key}
            kept={t('people.keys.kept')}
            onKept={close}
          >
            {t('people.keys.once')}
          </ShownOnce>
        ) : (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              make.mutate({ method: 'POST', at: path, body: { name } });
            }}
          >
            <Stack>
              {make.isError && <Callout tone="bad" title={problemText(make.error, t('common.unexpected'))} />}
              <TextInput
                label={t('people.keys.name')}
                required
                withAsterisk={false}
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
              />
              <Group justify="flex-end">
                <Button type="submit" loading={make.isPending}>
                  {t('people.keys.make')}
                </Button>
              </Group>
            </Stack>
          </form>
        )}
      </Modal>
    </>
  );
}
