import type { ReactNode } from 'react';

/** Something that is there for whoever wants to know, and out of the way for all others. */
export function Disclosure({
  label,
  open,
  children,
}: {
  label: string;
  open?: boolean;
  children: ReactNode;
}) {
  return (
    <details className="disclosure" open={open}>
      <summary>{label}</summary>
      {children}
    </details>
  );
}
