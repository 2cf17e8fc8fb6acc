import { useEffect, useState } from 'react';

/**
 * The one-time token of the link somebody came by: `#token=…`. It stands behind the `#`, which no server and no log
 * gets to see, and is taken out of the address bar at once.
 */
export function useLinkToken(): string | null {
  const [token] = useState(() => new URLSearchParams(location.hash.slice(1)).get('token'));
  useEffect(() => {
    if (location.hash !== '') history.replaceState(history.state, '', location.pathname);
  }, []);
  return token;
}
