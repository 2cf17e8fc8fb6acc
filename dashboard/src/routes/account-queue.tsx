import { getRouteApi } from '@tanstack/react-router';
import { useFilterStep } from '../components/filter-step.ts';
import { QueueScreen } from '../queue/queue-screen.tsx';
import { accountQueueSearch } from '../search.ts';

const route = getRouteApi('/signed-in/accounts/$account/queue');

/** What waits in one account. */
export function AccountQueue() {
  const { account } = route.useParams();
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const stepTo = useFilterStep(filter);
  const change = (next: object) =>
    void navigate({ search: accountQueueSearch({ ...next }), ...stepTo(next) });
  return <QueueScreen account={account} filter={filter} onChange={change} />;
}
