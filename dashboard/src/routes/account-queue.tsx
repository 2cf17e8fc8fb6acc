import { getRouteApi } from '@tanstack/react-router';
import { QueueScreen } from '../queue/queue-screen.tsx';
import { accountQueueSearch } from '../search.ts';

const route = getRouteApi('/signed-in/accounts/$account/queue');

/** What waits in one account. */
export function AccountQueue() {
  const { account } = route.useParams();
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const change = (next: object) => void navigate({ search: accountQueueSearch({ ...next }), replace: true });
  return <QueueScreen account={account} filter={filter} onChange={change} />;
}
