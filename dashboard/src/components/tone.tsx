import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconClockHour4,
} from '@tabler/icons-react';
import type { ComponentType, ReactNode } from 'react';

export type Tone = 'good' | 'bad' | 'warn' | 'busy' | 'quiet';

type Icon = ComponentType<{ size: number; stroke: number; 'aria-hidden': true }>;

const ICONS: Readonly<Record<Tone, Icon>> = {
  good: IconCircleCheck,
  bad: IconCircleX,
  warn: IconAlertTriangle,
  busy: IconClockHour4,
  quiet: IconCircleDashed,
};

/** A state as a word with a colour and a shape: nobody has to tell colours apart. */
export function ToneBadge({ tone, icon, children }: { tone: Tone; icon?: Icon; children: ReactNode }) {
  const Shape = icon ?? ICONS[tone];
  return (
    <span className={`tone tone-${tone}`}>
      <Shape size={14} stroke={2} aria-hidden />
      {children}
    </span>
  );
}

/** A sentence that matters, in a box of its tone. */
export function Callout({ tone, title, children }: { tone: Tone; title: string; children?: ReactNode }) {
  const Shape = ICONS[tone];
  return (
    <div className={`callout tone-${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
      <Shape size={20} stroke={1.9} aria-hidden />
      <div>
        <strong>{title}</strong>
        {children}
      </div>
    </div>
  );
}
