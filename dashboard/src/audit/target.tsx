import { Text } from '@mantine/core';
import type { AuditEntryView } from '../../../src/audit/audit-log.ts';
import { AnchorLink } from '../components/links.tsx';
import { targetName } from './target-name.ts';

/** What was changed: by its name, which leads to it where it has a page, above its id. */
export function Target({ entry }: { entry: AuditEntryView }) {
  const { target } = entry;
  const name = targetName(entry);
  return (
    <>
      <Linked entry={entry} text={name ?? target.id} />
      {name !== null && (
        <Text size="xs" c="dimmed" className="mono foreign">
          {target.id}
        </Text>
      )}
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
  return <Text {...look}>{text}</Text>;
}
