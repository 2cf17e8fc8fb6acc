import { IconArrowLeft } from '@tabler/icons-react';
import { useRouter } from '@tanstack/react-router';
import type { MouseEvent, ReactNode } from 'react';
import { isStepBefore } from '../layout/steps.ts';
import { AnchorLink } from './links.tsx';

interface Props {
  readonly to: `/accounts/$account/${'deliveries' | 'events' | 'webhooks'}`;
  readonly account: string;
  readonly children: ReactNode;
}

/** Leads from one thing to the list of them: as it was left, filters and place, where somebody came from it. */
export function BackLink({ to, account, children }: Props) {
  const { history } = useRouter();
  const goBack = (event: MouseEvent<HTMLAnchorElement>) => {
    const elsewhere = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
    if (elsewhere || !isStepBefore(event.currentTarget.pathname)) return;
    event.preventDefault();
    history.back();
  };
  return (
    <AnchorLink to={to} params={{ account }} size="sm" onClick={goBack}>
      <IconArrowLeft size={14} aria-hidden style={{ verticalAlign: '-2px' }} /> {children}
    </AnchorLink>
  );
}
