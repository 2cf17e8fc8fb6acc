import { Checkbox, Table } from '@mantine/core';
import { useContext } from 'react';
import { useTranslation } from 'react-i18next';
import { Outdated } from './outdated.ts';

/** The ids that are chosen of a list, and how to choose others. */
export interface Choosing {
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (ids: ReadonlySet<string>) => void;
}

function changed(chosen: ReadonlySet<string>, ids: readonly string[], on: boolean): ReadonlySet<string> {
  const next = new Set(chosen);
  for (const id of ids) on ? next.add(id) : next.delete(id);
  return next;
}

/** The head of a column to choose rows by: all that are shown, or none. */
export function ChooseAll({ ids, chosen, onChoose }: Choosing & { ids: readonly string[] }) {
  const { t } = useTranslation();
  const outdated = useContext(Outdated);
  const count = ids.filter((id) => chosen.has(id)).length;
  return (
    <Table.Th w={40}>
      <Checkbox
        aria-label={t('deliveries.selectAll')}
        disabled={outdated}
        checked={count === ids.length}
        indeterminate={count > 0 && count < ids.length}
        onChange={(event) => onChoose(changed(chosen, ids, event.currentTarget.checked))}
      />
    </Table.Th>
  );
}

export function ChooseOne({ id, chosen, onChoose }: Choosing & { id: string }) {
  const { t } = useTranslation();
  const outdated = useContext(Outdated);
  return (
    <Table.Td>
      <Checkbox
        aria-label={t('deliveries.selectOne', { id })}
        disabled={outdated}
        checked={chosen.has(id)}
        onChange={(event) => onChoose(changed(chosen, [id], event.currentTarget.checked))}
      />
    </Table.Td>
  );
}
