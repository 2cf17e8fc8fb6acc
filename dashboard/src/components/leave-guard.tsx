import { useBlocker } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Confirm } from './confirm.tsx';

/** Asks before somebody leaves a form with what they haven't saved, by a link or by closing the page. */
export function LeaveGuard({ isDirty }: { isDirty: () => boolean }) {
  const { t } = useTranslation();
  const leaving = useBlocker({ shouldBlockFn: isDirty, enableBeforeUnload: isDirty, withResolver: true });
  return (
    <Confirm
      opened={leaving.status === 'blocked'}
      onClose={() => leaving.reset?.()}
      title={t('common.unsaved.title')}
      confirm={t('common.unsaved.leave')}
      onConfirm={() => leaving.proceed?.()}
    >
      {t('common.unsaved.text')}
    </Confirm>
  );
}
