import { type ReactNode, useState } from 'react';

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

/** The same for what has to be read first: it is once somebody wants to know. */
export function LazyDisclosure({ label, children }: { label: string; children: () => ReactNode }) {
  const [asked, setAsked] = useState(false);
  return (
    <details className="disclosure" onToggle={(event) => setAsked(asked || event.currentTarget.open)}>
      <summary>{label}</summary>
      {asked && children()}
    </details>
  );
}
