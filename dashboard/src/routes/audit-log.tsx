import { getRouteApi } from '@tanstack/react-router';
import { AuditScreen } from '../audit/audit-screen.tsx';

const route = getRouteApi('/signed-in/accounts/$account/audit-log');

/** Who changed what in an account. */
export function AuditLog() {
  const { account } = route.useParams();
  return <AuditScreen key={account} account={account} />;
}
