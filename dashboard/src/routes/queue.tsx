import { getRouteApi } from '@tanstack/react-router';
import { useFilterStep } from '../components/filter-step.ts';
import { QueueScreen } from '../queue/queue-screen.tsx';
import { queueSearch } from '../search.ts';

const route = getRouteApi('/signed-in/queue');

/** What waits in all accounts. */
export function Queue() {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const stepTo = useFilterStep(filter);
  const change = (next: object) => void navigate({ search: queueSearch({ ...next }), ...stepTo(next) });
  return <QueueScreen account={null} filter={filter} onChange={change} />;
}
