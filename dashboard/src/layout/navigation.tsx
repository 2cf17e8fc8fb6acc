import { Stack, Text } from '@mantine/core';
import {
  IconBell,
  IconBuildingStore,
  IconChartAreaLine,
  IconClockHour4,
  IconHistory,
  IconInfoCircle,
  IconKey,
  IconList,
  IconListCheck,
  IconPackage,
  IconStack2,
  IconTruckDelivery,
  IconUsers,
  IconWebhook,
} from '@tabler/icons-react';
import type { ComponentType, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { MenuLink } from '../components/links.tsx';
import { type Me, useMe } from '../session.ts';
import { AccountPicker } from './account-picker.tsx';

interface Props {
  /** The account the screens are about; undefined on those of the platform. */
  readonly account: string | undefined;
  readonly onNavigate: () => void;
}

export function Navigation({ account, onNavigate }: Props) {
  const me = useMe();
  const ofPlatform = me.platform !== null;
  return (
    <Stack gap="md" onClick={onNavigate}>
      {(ofPlatform || me.accounts.length > 1) && <AccountPicker account={account} />}
      {account !== undefined && <OfAccount account={account} me={me} />}
      {ofPlatform && <OfPlatform />}
    </Stack>
  );
}

function OfAccount({ account, me }: { account: string; me: Me }) {
  const { t } = useTranslation();
  const params = { account };
  return (
    <>
      <Section>
        <MenuLink
          to="/accounts/$account"
          params={params}
          activeOptions={{ exact: true }}
          label={t('nav.overview')}
          leftSection={<Icon of={IconChartAreaLine} />}
        />
        <MenuLink
          to="/accounts/$account/deliveries"
          params={params}
          label={t('nav.deliveries')}
          leftSection={<Icon of={IconTruckDelivery} />}
        />
        <MenuLink
          to="/accounts/$account/queue"
          params={params}
          label={t('nav.queue')}
          leftSection={<Icon of={IconClockHour4} />}
        />
        <MenuLink
          to="/accounts/$account/events"
          params={params}
          label={t('nav.events')}
          leftSection={<Icon of={IconPackage} />}
        />
        <MenuLink
          to="/accounts/$account/alerts"
          params={params}
          label={t('nav.alerts')}
          leftSection={<Icon of={IconBell} />}
        />
      </Section>
      <Section title={t('nav.integrations')}>
        <MenuLink
          to="/accounts/$account/webhooks"
          params={params}
          label={t('nav.webhooks')}
          leftSection={<Icon of={IconWebhook} />}
        />
        <MenuLink
          to="/accounts/$account/event-types"
          params={params}
          label={t('nav.eventTypes')}
          leftSection={<Icon of={IconList} />}
        />
      </Section>
      {me.kind !== 'portal' && (
        <Section title={t('nav.settings')}>
          <MenuLink
            to="/accounts/$account/people"
            params={params}
            label={t('nav.people')}
            leftSection={<Icon of={IconUsers} />}
          />
          {me.platform !== null && (
            <MenuLink
              to="/accounts/$account/api-keys"
              params={params}
              label={t('nav.apiKeys')}
              leftSection={<Icon of={IconKey} />}
            />
          )}
          <MenuLink
            to="/accounts/$account/audit-log"
            params={params}
            label={t('nav.auditLog')}
            leftSection={<Icon of={IconHistory} />}
          />
        </Section>
      )}
    </>
  );
}

function OfPlatform() {
  const { t } = useTranslation();
  return (
    <Section title={t('nav.platform')}>
      <MenuLink
        to="/accounts"
        activeOptions={{ exact: true }}
        label={t('nav.accounts')}
        leftSection={<Icon of={IconBuildingStore} />}
      />
      <MenuLink to="/queue" label={t('nav.allQueues')} leftSection={<Icon of={IconStack2} />} />
      <MenuLink
        to="/platform"
        activeOptions={{ exact: true }}
        label={t('nav.platformSettings')}
        leftSection={<Icon of={IconListCheck} />}
      />
      <MenuLink to="/platform/audit-log" label={t('nav.auditLog')} leftSection={<Icon of={IconHistory} />} />
      <MenuLink to="/about" label={t('nav.about')} leftSection={<Icon of={IconInfoCircle} />} />
    </Section>
  );
}

function Section({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <div>
      {title && (
        <Text size="xs" fw={600} c="dimmed" px="sm" pb={4}>
          {title}
        </Text>
      )}
      {children}
    </div>
  );
}

function Icon({ of: Shape }: { of: ComponentType<{ size: number; stroke: number; 'aria-hidden': true }> }) {
  return <Shape size={18} stroke={1.7} aria-hidden />;
}
