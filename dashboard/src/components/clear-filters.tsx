import { Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { forgetTyped } from './typed-filter.tsx';

export function ClearFilters({ onClear }: { onClear: () => void }) {
  const { t } = useTranslation();
  const clear = () => {
    forgetTyped();
    onClear();
  };
  return (
    <Button variant="subtle" color="gray" leftSection={<IconX size={15} aria-hidden />} onClick={clear}>
      {t('common.clearFilters')}
    </Button>
  );
}
