import { Button, Drawer, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Queried } from '../components/states.tsx';
import { type MergeField, mergeFieldsQuery } from '../data/event-types.ts';
import type { EventView } from '../data/events.ts';
import { SubjectChoice } from './event-choice.tsx';

interface Props {
  readonly account: string;
  /** Whose fields are shown: the type of the event, if the catalog has it. */
  readonly eventType: string;
  /** Among whose events is searched, and patterns of them; undefined: all. */
  readonly types: readonly string[] | undefined;
  readonly event: EventView | null;
  readonly onEvent: (event: EventView | null) => void;
  readonly opened: boolean;
  readonly onClose: () => void;
  /** Undefined where nothing may be changed: then the fields are only read. */
  readonly onInsert: ((text: string) => void) | undefined;
}

/** What a template can use: all fields with samples, or those that one order really has. */
export function MergeFieldsDrawer(props: Props) {
  const { account, eventType, types, event, onEvent, opened, onClose, onInsert } = props;
  const { t } = useTranslation();
  const subject = event?.type === eventType ? event.subject : null;
  const query = useQuery({ ...mergeFieldsQuery(account, eventType, subject ?? ''), enabled: opened });
  return (
    <Drawer opened={opened} onClose={onClose} size="lg" title={t('webhooks.payload.fields')}>
      <Stack>
        <SubjectChoice account={account} types={types} value={event} onChange={onEvent} />
        <Queried query={query}>
          {(fields) => (
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('webhooks.payload.field')}</Table.Th>
                  <Table.Th>{t('webhooks.payload.value')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                <Rows fields={fields} depth={0} onInsert={onInsert} />
              </Table.Tbody>
            </Table>
          )}
        </Queried>
      </Stack>
    </Drawer>
  );
}

function Rows({
  fields,
  depth,
  onInsert,
}: {
  fields: readonly MergeField[];
  depth: number;
  onInsert: Props['onInsert'];
}) {
  return fields.map((field) => {
    const text = field.name === null ? `{{ ${field.liquid} }}` : `$$${field.name}$$`;
    return (
      <FieldRow
        key={`${field.liquid} ${field.name}`}
        field={field}
        text={text}
        depth={depth}
        onInsert={onInsert}
      />
    );
  });
}

function FieldRow(props: { field: MergeField; text: string; depth: number; onInsert: Props['onInsert'] }) {
  const { field, text, depth, onInsert } = props;
  return (
    <>
      <Table.Tr>
        <Table.Td pl={`calc(var(--mantine-spacing-sm) + ${depth}rem)`}>
          {onInsert ? (
            <Button variant="subtle" size="compact-xs" className="mono" onClick={() => onInsert(text)}>
              {text}
            </Button>
          ) : (
            <Text span className="mono">
              {text}
            </Text>
          )}
        </Table.Td>
        <Table.Td maw={220}>
          <Text size="xs" c="dimmed" className="cut" title={field.sample ?? ''}>
            {field.sample ?? field.type}
          </Text>
        </Table.Td>
      </Table.Tr>
      {field.fields && <Rows fields={field.fields} depth={depth + 1} onInsert={onInsert} />}
    </>
  );
}
