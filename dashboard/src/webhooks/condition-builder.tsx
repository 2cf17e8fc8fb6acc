import { Box, Button, Group, SegmentedControl, Select, Stack, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Panel } from '../components/page.tsx';
import { ActionButton } from './action-button.tsx';
import type { RuleDraft } from './condition-rules.ts';
import {
  conditionOf,
  type GroupDraft,
  isGroupDraft,
  type Join,
  type MemberDraft,
  movedIn,
  movedOut,
  type Place,
  pathOf,
  removed,
  replaced,
  roomIn,
  treeOf,
  withGroup,
  withRule,
} from './condition-tree.ts';
import { useDataFields } from './data-fields.ts';
import type { TabProps } from './editor.tsx';
import { problemsOfRule, RuleRow } from './rule-row.tsx';

/** The rules of a condition, in groups inside of groups. */
export function ConditionBuilder({ account, form, readOnly, problemAt }: TabProps) {
  const { t } = useTranslation();
  const { condition } = form.values;
  const [tree, setTree] = useState(() => treeOf(condition));
  const [made, setMade] = useState(() => JSON.stringify(condition));
  // What was saved is shown as the API answered it, which may be otherwise than it was built.
  const given = JSON.stringify(condition);
  if (given !== made) {
    setMade(given);
    setTree(treeOf(condition));
  }
  const fields = useDataFields(account, form.values);
  const builder = useRef<HTMLDivElement>(null);
  const mode = condition?.mode ?? 'continue';
  const change = (next: GroupDraft, nextMode: ModeName = mode) => {
    const built = conditionOf(next, nextMode);
    setTree(next);
    setMade(JSON.stringify(built));
    form.setFieldValue('condition', built);
  };
  /** What had the focus is gone, or has gone elsewhere: it must not be lost with it. */
  const changeAround = (next: GroupDraft) => {
    change(next);
    builder.current?.focus();
  };
  return (
    <Panel padded>
      <Stack ref={builder} tabIndex={-1} className="unmarked">
        {tree.members.length === 0 && <Text size="sm">{t('webhooks.condition.none')}</Text>}
        <Members
          tree={tree}
          group={tree}
          place={[]}
          fields={fields}
          readOnly={readOnly}
          lead={<Mode mode={mode} onChange={(next) => change(tree, next)} />}
          onChange={change}
          onChangeAround={changeAround}
          problemAt={problemAt}
        />
      </Stack>
    </Panel>
  );
}

type ModeName = 'continue' | 'stop';

function Mode({ mode, onChange }: { mode: ModeName; onChange: (mode: ModeName) => void }) {
  const { t } = useTranslation();
  return (
    <SegmentedControl
      aria-label={t('webhooks.condition.mode')}
      value={mode}
      onChange={(value) => onChange(value as ModeName)}
      data={[
        { value: 'continue', label: t('webhooks.condition.send') },
        { value: 'stop', label: t('webhooks.condition.hold') },
      ]}
    />
  );
}

interface MembersProps {
  readonly tree: GroupDraft;
  readonly group: GroupDraft;
  readonly place: Place;
  readonly fields: readonly string[];
  readonly readOnly: boolean;
  /** What stands before how they are joined. */
  readonly lead?: ReactNode;
  readonly onChange: (tree: GroupDraft) => void;
  /** Of what takes away the button it was asked for with. */
  readonly onChangeAround: (tree: GroupDraft) => void;
  readonly problemAt: TabProps['problemAt'];
}

/** How a group joins its members, the members, and what can be added to them. */
function Members(props: MembersProps) {
  const { tree, group, place, readOnly, lead, onChange, onChangeAround, problemAt } = props;
  const { t } = useTranslation();
  const room = roomIn(tree, place);
  const isOfMember = group.members.some((_, index) => problemAt(pathOf(tree, [...place, index])));
  const problem = isOfMember ? undefined : problemAt(pathOf(tree, place));
  return (
    <>
      {problem && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {problem}
        </Text>
      )}
      {group.members.length > 0 && (
        <Group gap="sm">
          {lead}
          <Select
            aria-label={t('webhooks.condition.join')}
            w={210}
            allowDeselect={false}
            value={group.join}
            onChange={(join) => onChange(replacedGroup(tree, place, { ...group, join: join as Join }))}
            data={[
              { value: 'all', label: t('webhooks.condition.all') },
              { value: 'any', label: t('webhooks.condition.any') },
            ]}
          />
          {place.length > 0 && !readOnly && (
            <Box ml="auto">
              <ActionButton
                action="remove"
                label={t('webhooks.condition.removeGroup')}
                onClick={() => onChangeAround(removed(tree, place))}
              />
            </Box>
          )}
        </Group>
      )}
      {group.members.map((member, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a member is told from the next by its place alone
        <Member key={index} {...props} member={member} place={[...place, index]} />
      ))}
      {!readOnly && (
        <Group gap="xs">
          <AddButton
            label={t('webhooks.condition.add')}
            disabled={!room.rule}
            onClick={() => onChange(withRule(tree, place))}
          />
          <AddButton
            label={t('webhooks.condition.addGroup')}
            disabled={!room.group}
            onClick={() => onChange(withGroup(tree, place))}
          />
        </Group>
      )}
    </>
  );
}

function Member({ member, ...props }: MembersProps & { readonly member: MemberDraft }) {
  const { t } = useTranslation();
  const { lead: _, ...inner } = props;
  const { tree, place, group: outer, fields, readOnly, onChange, onChangeAround, problemAt } = inner;
  if (isGroupDraft(member)) {
    return (
      <Stack gap="sm" className="rule-group" role="group" aria-label={t('webhooks.condition.group')}>
        <Members {...inner} group={member} />
      </Stack>
    );
  }
  const before = outer.members[(place.at(-1) ?? 0) - 1];
  const hasGroupBefore = before !== undefined && isGroupDraft(before);
  const onRuleChange = (rule: RuleDraft) => onChange(replaced(tree, place, rule));
  const shown = {
    fields,
    rule: member,
    problems: problemsOfRule(problemAt, pathOf(tree, place)),
    onChange: onRuleChange,
  };
  if (readOnly) return <RuleRow {...shown} />;
  return (
    <RuleRow
      {...shown}
      onRemove={() => onChangeAround(removed(tree, place))}
      {...(place.length > 1 && { onMoveOut: () => onChangeAround(movedOut(tree, place)) })}
      {...((hasGroupBefore || roomIn(tree, place.slice(0, -1)).group) && {
        onMoveIn: () => onChangeAround(movedIn(tree, place)),
      })}
    />
  );
}

function replacedGroup(tree: GroupDraft, place: Place, group: GroupDraft): GroupDraft {
  return place.length === 0 ? group : replaced(tree, place, group);
}

function AddButton(props: { label: string; disabled: boolean; onClick: () => void }) {
  const { label, disabled, onClick } = props;
  return (
    <Button
      variant="light"
      size="xs"
      disabled={disabled}
      leftSection={<IconPlus size={14} aria-hidden />}
      onClick={onClick}
    >
      {label}
    </Button>
  );
}
