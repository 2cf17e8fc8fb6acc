import { getRouteApi } from '@tanstack/react-router';
import { AuditScreen } from '../audit/audit-screen.tsx';
import { useFilterStep } from '../components/filter-step.ts';
import { auditSearch } from '../search.ts';

const route = getRouteApi('/signed-in/accounts/$account/audit-log');

/** Who changed what in an account. */
export function AuditLog() {
  const { account } = route.useParams();
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const stepTo = useFilterStep(filter);
  const change = (next: object) => void navigate({ search: auditSearch({ ...next }), ...stepTo(next) });
  return <AuditScreen key={account} account={account} filter={filter} onChange={change} />;
}
