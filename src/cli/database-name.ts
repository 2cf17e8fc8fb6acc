/** Names a database for people: host, port and name, and never the user, the password or the parameters. */
export function databaseName(databaseUrl: string): string {
  if (!URL.canParse(databaseUrl)) return 'named by DATABASE_URL';
  const { hostname, port, pathname } = new URL(databaseUrl);
  if (!hostname) return `${pathname.slice(1) || 'postgres'} on this machine`;
  return `${hostname}:${port || '5432'}${pathname === '/' ? '' : pathname}`;
}
