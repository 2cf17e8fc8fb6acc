import { Button, Group, Text } from '@mantine/core';
import type { RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { formatLocale } from '../i18n.ts';
import { problemText } from '../words/problem-words.ts';

interface Props {
  readonly button: RefObject<HTMLButtonElement | null>;
  readonly busy: boolean;
  readonly disabled: boolean;
  /** Why what was asked for didn't come; null: nothing went wrong. */
  readonly error: unknown;
  /** Of a search: how far back it has looked. */
  readonly lookedBackTo: string | null | undefined;
  readonly onMore: () => void;
}

/** The way to the next page of a list. Where that can't be had it says so in place, and is the way to try again. */
export function ShowMore({ button, busy, disabled, error, lookedBackTo, onMore }: Props) {
  const { t } = useTranslation();
  const failed = error !== null && !busy;
  const more = t(lookedBackTo ? 'common.lookFurther' : 'common.more');
  return (
    <Group p="sm" gap="xs" justify="center">
      {lookedBackTo && <LookedBack to={lookedBackTo} />}
      {failed && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {t('common.moreFailed')}{' '}
          <span className="foreign">{problemText(error, t('common.unexpected'))}</span>
        </Text>
      )}
      <Button ref={button} variant="subtle" loading={busy} disabled={disabled} onClick={onMore}>
        {failed ? t('common.tryAgain') : more}
      </Button>
    </Group>
  );
}

function LookedBack({ to }: { to: string }) {
  const { t, i18n } = useTranslation();
  const time = new Intl.DateTimeFormat(formatLocale(i18n.language), {
    dateStyle: 'long',
    timeStyle: 'short',
  });
  return (
    <Text size="sm" c="dimmed" role="status">
      {t('common.lookedBack', { time: time.format(Date.parse(to)) })}
    </Text>
  );
}
