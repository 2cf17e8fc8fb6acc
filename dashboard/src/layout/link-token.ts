import { useEffect, useState } from 'react';

/**
 * The one-time token of the link somebody came by: `#token=…`. It stands behind the `#`, which no server and no log
 * gets to see, and is taken out of the address bar at once. Another link to the same page loads nothing anew: its
 * token takes the place of the first.
 */
export function useLinkToken(): string | null {
  const [token, setToken] = useState(tokenInAddress);
  useEffect(() => {
    const read = () => {
      const found = tokenInAddress();
      if (found !== null) setToken(found);
      if (location.hash !== '') history.replaceState(history.state, '', location.pathname);
    };
    read();
    addEventListener('hashchange', read);
    return () => removeEventListener('hashchange', read);
  }, []);
  return token;
}

function tokenInAddress(): string | null {
  return new URLSearchParams(location.hash.slice(1)).get('token');
}
