import { Button, Group, PasswordInput, Stack, Text, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Time } from '../components/time.tsx';
import { Callout } from '../components/tone.tsx';
import { type WebhookView, webhookQuery } from '../data/webhooks.ts';
import type { TabProps } from './editor.tsx';

/** The certificate shown to receivers who ask for one, and the authorities trusted beside the usual ones. */
export function CertificateFields({ account, webhookId, form, readOnly, problemAt }: TabProps) {
  const { t } = useTranslation();
  const { data: webhook } = useQuery({
    ...webhookQuery(account, webhookId ?? ''),
    enabled: webhookId !== undefined,
  });
  const { clientCertificate: draft, tlsCa } = form.values;
  const pem = (path: string) => ({
    autosize: true,
    minRows: 3,
    maxRows: 10,
    classNames: { input: 'mono' },
    placeholder: '-----BEGIN …',
    spellCheck: false,
    ...form.getInputProps(path),
  });
  return (
    <>
      <Kept
        title={t('webhooks.certificate.title')}
        none={t('webhooks.certificate.none')}
        set={t('webhooks.certificate.set')}
        readOnly={readOnly}
        change={draft.change}
        onChange={(change) => form.setFieldValue('clientCertificate.change', change)}
        certificates={webhook?.clientCertificate ? [webhook.clientCertificate] : []}
        problem={problemAt('clientCertificate')}
      >
        <Textarea label={t('webhooks.certificate.pem')} {...pem('clientCertificate.certificate')} />
        <Textarea label={t('webhooks.certificate.key')} {...pem('clientCertificate.key')} />
        <PasswordInput
          label={t('webhooks.certificate.passphrase')}
          autoComplete="off"
          {...form.getInputProps('clientCertificate.passphrase')}
        />
      </Kept>
      <Kept
        title={t('webhooks.authorities.title')}
        none={t('webhooks.authorities.none')}
        set={t('webhooks.authorities.set')}
        readOnly={readOnly}
        change={tlsCa.change}
        onChange={(change) => form.setFieldValue('tlsCa.change', change)}
        certificates={webhook?.tlsCa ?? []}
        problem={problemAt('tlsCa')}
      >
        <Textarea label={t('webhooks.authorities.pem')} {...pem('tlsCa.pem')} />
      </Kept>
    </>
  );
}

type Change = 'kept' | 'none' | 'new';
type CertificateView = NonNullable<WebhookView['tlsCa']>[number];

interface KeptProps {
  readonly title: string;
  /** Said where there is none. */
  readonly none: string;
  /** What makes one. */
  readonly set: string;
  readonly readOnly: boolean;
  readonly change: Change;
  readonly onChange: (change: Change) => void;
  readonly certificates: readonly (CertificateView & { readonly expiresSoon?: boolean })[];
  readonly problem: string | undefined;
  /** The fields of a new one. */
  readonly children: ReactNode;
}

/** What is kept can be replaced or removed, and is told by its names alone. */
function Kept(props: KeptProps) {
  const { title, none, set, readOnly, change, onChange, certificates, problem, children } = props;
  const { t } = useTranslation();
  const kept = certificates.length > 0;
  const button = (to: Change, label: string) => (
    <Button size="xs" variant="default" onClick={() => onChange(to)}>
      {label}
    </Button>
  );
  return (
    <Stack gap="xs" role="group" aria-label={title}>
      <Text size="sm" fw={500}>
        {title}
      </Text>
      {change === 'kept' &&
        certificates.map((one) => <Certificate key={one.fingerprintSha256} certificate={one} />)}
      {change === 'kept' && !kept && (
        <Text size="sm" c="dimmed">
          {none}
        </Text>
      )}
      {change === 'none' && <Text size="sm">{t('webhooks.certificate.removed')}</Text>}
      {change === 'new' && children}
      {problem && (
        <Text size="xs" c="var(--mantine-color-error)" role="alert">
          {problem}
        </Text>
      )}
      {!readOnly && (
        <Group gap="xs">
          {change === 'kept' && button('new', kept ? t('webhooks.certificate.replace') : set)}
          {change === 'kept' && kept && button('none', t('webhooks.certificate.remove'))}
          {change !== 'kept' && button('kept', t('webhooks.certificate.keep'))}
        </Group>
      )}
    </Stack>
  );
}

function Certificate({ certificate }: { certificate: KeptProps['certificates'][number] }) {
  const { t } = useTranslation();
  return (
    <Callout tone={certificate.expiresSoon ? 'warn' : 'quiet'} title={certificate.subject}>
      <Text size="sm">
        {t('webhooks.certificate.expires')} <Time at={certificate.notAfter} />
      </Text>
    </Callout>
  );
}
