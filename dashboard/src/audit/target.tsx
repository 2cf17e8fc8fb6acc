import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { AuditEntryView } from '../../../src/audit/audit-log.ts';
import { AnchorLink } from '../components/links.tsx';
import { keyName } from '../people/key-name.ts';
import { textsOf, type Words } from '../words/own-words.ts';
import { targetName, targetText } from './target-name.ts';

/** What was changed: by its name, which leads to it where it has a page, above what it is and its id. */
export function Target({ entry }: { entry: AuditEntryView }) {
  const { t } = useTranslation();
  const name = targetName(entry);
  const { kind, id } = targetText(textsOf<{ readonly targets: Words }>('audit')?.targets ?? {}, entry.target);
  if (name === null || name === id) {
    return (
      <Text size="sm" component="div">
        {kind} <Linked entry={entry} text={id} />
      </Text>
    );
  }
  return (
    <>
      <Linked entry={entry} text={keyName(t, name)} />
      <Text size="xs" c="dimmed">
        {kind} <span className="mono foreign">{id}</span>
      </Text>
    </>
  );
}

function Linked({ entry: { account, action, target }, text }: { entry: AuditEntryView; text: string }) {
  const look = { size: 'sm', className: 'foreign' } as const;
  if (account !== null && target.id.startsWith('wh_') && action !== 'webhook.deleted') {
    const params = { account, webhook: target.id };
    return (
      <AnchorLink to="/accounts/$account/webhooks/$webhook" params={params} {...look}>
        {text}
      </AnchorLink>
    );
  }
  if (account !== null && target.id.startsWith('dlv_')) {
    const params = { account, delivery: target.id };
    return (
      <AnchorLink to="/accounts/$account/deliveries/$delivery" params={params} {...look}>
        {text}
      </AnchorLink>
    );
  }
  return (
    <Text {...look} span>
      {text}
    </Text>
  );
}
