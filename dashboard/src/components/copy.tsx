import { ActionIcon, Group, Tooltip } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { type RefObject, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

interface Props {
  readonly text: string;
  /** Names what is copied, for those who can't see where the button stands. */
  readonly what: string;
  /** Where the text stands, to be selected where the browser lets nothing be copied; left out: nowhere. */
  readonly shown?: RefObject<HTMLElement | null>;
}

/**
 * Copies, and where that isn't let, selects what is shown instead and says so.
 *
 * @param shown where the text stands, at the latest once `refused`
 */
export function useCopying(text: string, shown?: Props['shown']) {
  const { t } = useTranslation();
  const { copied, copy, error } = useClipboard({ timeout: 1500 });
  // Frames of other sites and pages without TLS may not write to the clipboard.
  useEffect(() => {
    if (error === null) return;
    const selected = shown?.current ? select(shown.current) : false;
    notifications.show({ color: 'red', message: t(selected ? 'common.copySelected' : 'common.copyFailed') });
  }, [error, shown, t]);
  return { copied, copy: () => copy(text), refused: error !== null };
}

export function Copy({ text, what, shown }: Props) {
  const { t } = useTranslation();
  const { copied, copy } = useCopying(text, shown);
  return (
    <Tooltip label={copied ? t('common.copied') : t('common.copy')}>
      <ActionIcon
        variant="subtle"
        color={copied ? 'teal' : 'gray'}
        size="sm"
        onClick={copy}
        aria-label={t('common.copyOf', { what })}
      >
        {copied ? <IconCheck size={15} aria-hidden /> : <IconCopy size={15} aria-hidden />}
      </ActionIcon>
    </Tooltip>
  );
}

/** An id that can be copied. */
export function Id({ id }: { id: string }) {
  const shown = useRef<HTMLSpanElement>(null);
  return (
    <Group gap={4} wrap="nowrap" display="inline-flex">
      <span ref={shown} className="mono foreign">
        {id}
      </span>
      <Copy text={id} what={id} shown={shown} />
    </Group>
  );
}

function select(element: HTMLElement): boolean {
  const selection = getSelection();
  selection?.selectAllChildren(element);
  return selection !== null;
}
