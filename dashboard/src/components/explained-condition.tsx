import { List, Text } from '@mantine/core';
import { IconCheck, IconQuestionMark, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Explained, ExplainedGroup } from '../../../src/condition/explain.ts';
import { conditionText } from '../words/rule-words.ts';

const ICONS = { true: IconCheck, false: IconX, error: IconQuestionMark } as const;

/** What each rule of a condition has found, in the groups they stand in. */
export function ExplainedCondition({ group }: { group: ExplainedGroup }) {
  const { t } = useTranslation();
  const { all, any } = group;
  const members = all ?? any ?? [];
  return (
    <>
      {members.length > 1 && (
        <Text size="xs" c="dimmed">
          {t(all ? 'events.one.allOf' : 'events.one.anyOf')}
        </Text>
      )}
      <List size="sm" spacing={2} listStyleType="none">
        {members.map((member) => (
          <Member key={member.path} member={member} />
        ))}
      </List>
    </>
  );
}

/** Whether a rule holds is neither good nor bad: a condition may stop the events for which it does. */
function Member({ member }: { member: Explained }) {
  const Shape = ICONS[String(member.holds) as keyof typeof ICONS];
  return (
    <List.Item className="foreign" icon={<Shape size={13} aria-hidden />}>
      {'sentence' in member ? conditionText(member) : <ExplainedCondition group={member} />}
    </List.Item>
  );
}
