import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Outside } from './outside.tsx';

/** What somebody sees whose link is used up, or is none. */
export function NoLink() {
  const { t } = useTranslation();
  return (
    <Outside title={t('session.noLink.title')}>
      <Text size="sm">{t('session.noLink.text')}</Text>
    </Outside>
  );
}
