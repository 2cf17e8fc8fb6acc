import { Button } from '@mantine/core';
import type { ComponentType, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Callout } from './tone.tsx';
import { useImported } from './use-imported.ts';

/**
 * A part of a screen whose code is loaded when it is first shown. Where that fails a message stands in its place, with a way
 * to try again; the rest of the screen, and what was typed there, stays.
 *
 * @param waiting what is shown until it has come
 */
export function lazyPart<Props extends object>(
  importer: () => Promise<ComponentType<Props>>,
  waiting: ReactNode = null,
): ComponentType<Props> {
  return function Part(props: Props) {
    const { module: Loaded, failed, retry } = useImported(importer);
    if (Loaded) return <Loaded {...props} />;
    return failed ? <NotLoaded retry={retry} /> : waiting;
  };
}

function NotLoaded({ retry }: { retry: () => void }) {
  const { t } = useTranslation();
  return (
    <Callout tone="bad" title={t('common.partNotLoaded')}>
      <div>
        <Button size="xs" variant="default" mt="xs" onClick={retry}>
          {t('common.tryAgain')}
        </Button>
      </div>
    </Callout>
  );
}
