import { getRouteApi } from '@tanstack/react-router';
import { AuditScreen } from '../audit/audit-screen.tsx';
import { useFilterStep } from '../components/filter-step.ts';
import { platformAuditSearch } from '../search.ts';

const route = getRouteApi('/signed-in/platform/audit-log');

/** Who changed what, on the platform and in all accounts. */
export function PlatformAuditLog() {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const stepTo = useFilterStep(filter);
  const change = (next: object) =>
    void navigate({ search: platformAuditSearch({ ...next }), ...stepTo(next) });
  return <AuditScreen account={null} filter={filter} onChange={change} />;
}
