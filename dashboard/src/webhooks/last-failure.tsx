import { useTranslation } from 'react-i18next';
import { AnchorLink } from '../components/links.tsx';
import { Time } from '../components/time.tsx';
import type { WebhookView } from '../data/webhooks.ts';
import { failureText } from '../words/failure-words.ts';

interface Props {
  readonly account: string;
  readonly webhook: WebhookView;
}

/** Why nothing arrives at a webhook, when that was, and a way to the delivery that tells more; nothing if all is well. */
export function LastFailure({ account, webhook: { lastFailure } }: Props) {
  const { t } = useTranslation();
  if (lastFailure === null) return null;
  const { statusCode, deliveryId, at } = lastFailure;
  const reason = failureText(lastFailure);
  return (
    <>
      <AnchorLink
        to="/accounts/$account/deliveries/$delivery"
        params={{ account, delivery: deliveryId }}
        size="xs"
        className="foreign"
        title={reason}
      >
        {statusCode === null
          ? t('webhooks.lastFailure.reason', { reason })
          : t('webhooks.lastFailure.answered', { status: statusCode })}
      </AnchorLink>{' '}
      <Time at={at} />
    </>
  );
}
