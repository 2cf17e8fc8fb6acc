import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../api.ts';
import { Failed } from '../components/states.tsx';
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

/** Why a link couldn't be used: that it is used up, or that something else went wrong, which may pass. */
export function LinkFailed({ error, retry }: { error: unknown; retry: () => void }) {
  const { t } = useTranslation();
  // A 400: it was cut short, or mistyped.
  if (error instanceof ApiProblem && (error.status === 404 || error.status === 400)) return <NoLink />;
  return (
    <Outside title={t('session.linkFailed')}>
      <Failed error={error} retry={retry} />
    </Outside>
  );
}
