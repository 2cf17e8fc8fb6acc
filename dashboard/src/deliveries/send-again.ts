import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import { type SentAgain, useSendAgain } from '../data/deliveries.ts';
import { problemText } from '../words/problem-words.ts';

/** Sends deliveries again, and says what came of it. */
export function useSendAgainWithWord(account: string, onDone?: () => void) {
  const { t } = useTranslation();
  const mutation = useSendAgain(account);
  const tell = ({ sent, refused, reason }: SentAgain) => {
    if (sent > 0) notifications.show({ color: 'teal', message: t('deliveries.sentAgain', { count: sent }) });
    if (refused > 0) {
      const why = problemText(reason, t('common.unexpected'));
      notifications.show({
        color: 'red',
        message: t('deliveries.notSentAgain', { count: refused, reason: why }),
      });
    }
    onDone?.();
  };
  return { ...mutation, mutate: (ids: readonly string[]) => mutation.mutate(ids, { onSuccess: tell }) };
}
