import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Callout } from '../components/tone.tsx';
import { formatLocale } from '../i18n.ts';
import { useUnreachedSince } from '../reach.ts';
import { meQuery } from '../session.ts';

const ASK_AGAIN_MS = 5_000;

/** Says that what is on the screen is no longer live, for as long as the server doesn't answer. */
export function Unreached() {
  const since = useUnreachedSince();
  return since === null ? null : <Bar since={since} />;
}

function Bar({ since }: { since: number }) {
  const { t, i18n } = useTranslation();
  // Not every screen asks for something by itself.
  useQuery({ ...meQuery, refetchInterval: ASK_AGAIN_MS });
  const time = new Intl.DateTimeFormat(formatLocale(i18n.language), { timeStyle: 'short' }).format(since);
  return (
    <div className="unreached">
      <Callout tone="warn" title={t('common.unreached', { time })} />
    </div>
  );
}
