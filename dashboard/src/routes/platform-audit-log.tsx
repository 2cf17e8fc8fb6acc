import { AuditScreen } from '../audit/audit-screen.tsx';

/** Who changed what, on the platform and in all accounts. */
export function PlatformAuditLog() {
  return <AuditScreen account={null} />;
}
