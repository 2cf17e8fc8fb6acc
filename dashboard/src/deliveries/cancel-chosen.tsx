import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Confirm } from '../components/confirm.tsx';
import { type OneDelivery, useCancelAll } from '../data/deliveries.ts';
import { useTell } from './send-again.ts';

interface Props {
  /** Those of what is chosen that still wait: nothing else can be cancelled. */
  readonly waiting: readonly OneDelivery[];
  readonly onDone: () => void;
}

/** Cancels what is chosen, once somebody has seen how many they are. */
export function CancelChosen({ waiting, onDone }: Props) {
  const { t } = useTranslation();
  const [asking, { open, close }] = useDisclosure(false);
  const cancel = useCancelAll();
  const tell = useTell('cancelledAll', 'notCancelled');
  const count = waiting.length;
  const confirm = () =>
    cancel.mutate(waiting, {
      onSuccess: (came) => {
        tell(came);
        onDone();
      },
      onSettled: close,
    });
  return (
    <>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconX size={15} aria-hidden />}
        disabled={count === 0}
        onClick={open}
      >
        {t('deliveries.cancelChosen.open')}
      </Button>
      <Confirm
        opened={asking}
        onClose={close}
        title={t('deliveries.cancelChosen.title', { count })}
        confirm={t('deliveries.cancelChosen.confirm', { count })}
        dismiss={t('deliveries.cancelChosen.dismiss')}
        busy={cancel.isPending}
        onConfirm={confirm}
      >
        {t('deliveries.cancelChosen.text')}
      </Confirm>
    </>
  );
}
