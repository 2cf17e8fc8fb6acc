import { SimpleGrid, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { alertText } from '../alerts/alert-text.ts';
import { AnchorLink } from '../components/links.tsx';
import { Panel } from '../components/page.tsx';
import { Queried } from '../components/states.tsx';
import { Time } from '../components/time.tsx';
import { openAlertsQuery } from '../data/alerts.ts';
import { useWebhookById, type WebhookView, webhooksQuery } from '../data/webhooks.ts';
import { LastFailure } from '../webhooks/last-failure.tsx';
import { WebhookBadge } from '../webhooks/webhook-badge.tsx';
import { inOrder, needsSomebody } from '../webhooks/webhook-order.ts';

const SHOWN = 6;

/** What needs somebody: webhooks that fail, and alerts nobody has dealt with. */
export function Trouble({ account }: { account: string }) {
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
      <FailingWebhooks account={account} />
      <OpenAlerts account={account} />
    </SimpleGrid>
  );
}

function FailingWebhooks({ account }: { account: string }) {
  const { t, i18n } = useTranslation();
  const query = useQuery(webhooksQuery(account));
  return (
    <Panel title={t('overview.failing')} padded>
      <Queried query={query} rows={2}>
        {(webhooks) => {
          const failing = inOrder(webhooks.filter(needsSomebody), i18n.language);
          if (failing.length === 0) {
            return <Quiet text={t(webhooks.length === 0 ? 'overview.noWebhooks' : 'overview.allFine')} />;
          }
          return (
            <Stack gap="xs">
              {failing.slice(0, SHOWN).map((webhook) => (
                <FailingWebhook key={webhook.id} account={account} webhook={webhook} />
              ))}
              {failing.length > SHOWN && (
                <AnchorLink to="/accounts/$account/webhooks" params={{ account }} size="sm">
                  {t('overview.moreFailing', { count: failing.length - SHOWN })}
                </AnchorLink>
              )}
            </Stack>
          );
        }}
      </Queried>
    </Panel>
  );
}

function FailingWebhook({ account, webhook }: { account: string; webhook: WebhookView }) {
  return (
    <Row>
      <div style={{ minWidth: 0 }}>
        <AnchorLink
          to="/accounts/$account/webhooks/$webhook"
          params={{ account, webhook: webhook.id }}
          size="sm"
          className="cut"
        >
          {webhook.name || webhook.url}
        </AnchorLink>
        <Text size="xs" c="dimmed" component="div">
          <LastFailure account={account} webhook={webhook} />
        </Text>
      </div>
      <WebhookBadge webhook={webhook} />
    </Row>
  );
}

function OpenAlerts({ account }: { account: string }) {
  const { t } = useTranslation();
  const query = useQuery(openAlertsQuery(account));
  const webhookById = useWebhookById(account);
  return (
    <Panel title={t('overview.alerts')} padded>
      <Queried query={query} rows={2}>
        {(alerts) =>
          alerts.length === 0 ? (
            <Quiet text={t('overview.noAlerts')} />
          ) : (
            <Stack gap="xs">
              {alerts.slice(0, SHOWN).map((alert) => (
                <Row key={alert.id}>
                  <div style={{ minWidth: 0 }}>
                    <AnchorLink
                      to="/accounts/$account/alerts"
                      params={{ account }}
                      size="sm"
                      className="cut"
                      display="block"
                    >
                      {alertText(t, alert)}
                    </AnchorLink>
                    {alert.webhookId !== null && (
                      <Text size="xs" c="dimmed" className="cut foreign">
                        {webhookById(alert.webhookId)?.name || alert.webhookId}
                      </Text>
                    )}
                  </div>
                  <Text size="xs" c="dimmed" component="span">
                    <Time at={alert.createdAt} />
                  </Text>
                </Row>
              ))}
              {alerts.length > SHOWN && (
                <AnchorLink to="/accounts/$account/alerts" params={{ account }} size="sm">
                  {t('overview.allAlerts')}
                </AnchorLink>
              )}
            </Stack>
          )
        }
      </Queried>
    </Panel>
  );
}

function Row({ children }: { children: ReactNode }) {
  return (
    <div style={{ display: 'flex', gap: '0.75rem', justifyContent: 'space-between', alignItems: 'center' }}>
      {children}
    </div>
  );
}

function Quiet({ text }: { text: string }) {
  return (
    <Text size="sm" c="dimmed">
      {text}
    </Text>
  );
}
