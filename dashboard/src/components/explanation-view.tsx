import { List, ThemeIcon } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Explanation } from '../data/explanations.ts';
import { ruleText } from '../words/rule-words.ts';
import { ExplainedCondition } from './explained-condition.tsx';
import { Callout } from './tone.tsx';

/** Whether an event goes to a webhook, and the rules that say so. */
export function ExplanationView({ explanation }: { explanation: Explanation }) {
  const { t } = useTranslation();
  const { fires, rules, condition } = explanation;
  return (
    <Callout tone={fires ? 'good' : 'quiet'} title={t(fires ? 'events.one.fires' : 'events.one.doesNotFire')}>
      <List size="sm" mt={4} spacing={2}>
        {rules.map((one) => (
          <List.Item
            key={one.rule + one.sentence}
            className="foreign"
            icon={
              <ThemeIcon size={16} radius="xl" color={one.holds ? 'teal.8' : 'red.8'} aria-hidden>
                {one.holds ? <IconCheck size={11} /> : <IconX size={11} />}
              </ThemeIcon>
            }
          >
            {ruleText(one)}
            {one.rule === 'condition' && condition && <ExplainedCondition group={condition.rules} />}
          </List.Item>
        ))}
      </List>
    </Callout>
  );
}
