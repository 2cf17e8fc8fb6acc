import { getRouteApi } from '@tanstack/react-router';
import { QueueScreen } from '../queue/queue-screen.tsx';
import { queueSearch } from '../search.ts';

const route = getRouteApi('/signed-in/queue');

/** What waits in all accounts. */
export function Queue() {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const change = (next: object) => void navigate({ search: queueSearch({ ...next }), replace: true });
  return <QueueScreen account={null} filter={filter} onChange={change} />;
}
