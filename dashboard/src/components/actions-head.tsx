import { Table, VisuallyHidden } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** The head of the column in which what can be done to a row stands: only those who can't see it need its name. */
export function ActionsHead({ w }: { w?: number }) {
  const { t } = useTranslation();
  return (
    <Table.Th w={w}>
      <VisuallyHidden>{t('common.actions')}</VisuallyHidden>
    </Table.Th>
  );
}
