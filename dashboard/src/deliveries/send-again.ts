import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import { type CameOfAll, useSendAgain } from '../data/deliveries.ts';
import { problemText } from '../words/problem-words.ts';

/** Says what came of doing something to several deliveries. */
export function useTell(done: 'sentAgain' | 'cancelledAll', refused: 'notSentAgain' | 'notCancelled') {
  const { t } = useTranslation();
  return (came: CameOfAll) => {
    if (came.done > 0) {
      notifications.show({ color: 'teal', message: t(`deliveries.${done}`, { count: came.done }) });
    }
    if (came.refused > 0) {
      const reason = problemText(came.reason, t('common.unexpected'));
      notifications.show({
        color: 'red',
        message: t(`deliveries.${refused}`, { count: came.refused, reason }),
      });
    }
  };
}

/** Sends deliveries again, and says what came of it. */
export function useSendAgainWithWord(account: string, onDone?: () => void) {
  const mutation = useSendAgain(account);
  const tell = useTell('sentAgain', 'notSentAgain');
  const onSuccess = (came: CameOfAll) => {
    tell(came);
    onDone?.();
  };
  return { ...mutation, mutate: (ids: readonly string[]) => mutation.mutate(ids, { onSuccess }) };
}
