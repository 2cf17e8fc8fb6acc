import type { Config } from './config.ts';

/** Where people reach the dashboard: where they are said to, else where a browser on this machine does. */
export function baseUrlOf({ publicUrl, host, port }: Config): string {
  if (publicUrl !== undefined) return publicUrl;
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
