import { ActionIcon, Tooltip } from '@mantine/core';
import { IconIndentDecrease, IconIndentIncrease, IconTrash } from '@tabler/icons-react';

const ICONS = { remove: IconTrash, moveIn: IconIndentIncrease, moveOut: IconIndentDecrease } as const;

/** What can be done with a rule or a group, as a shape that says its name. */
export function ActionButton(props: {
  readonly action: keyof typeof ICONS;
  readonly label: string;
  readonly onClick: () => void;
}) {
  const { action, label, onClick } = props;
  const Shape = ICONS[action];
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={onClick}>
        <Shape size={16} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}
