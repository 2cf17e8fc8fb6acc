import { type RunningServer, startServer } from '../server.ts';
import type { Waybill } from '../waybill.ts';
import { codeOf, Failure } from './failure.ts';

/** Starts the server. @throws Failure that says why it can't listen there, and what to change */
export async function listen(waybill: Waybill): Promise<RunningServer> {
  try {
    return await startServer(waybill);
  } catch (error) {
    throw new Failure(explainListen(error, waybill.config), error);
  }
}

function explainListen(error: unknown, { host, port }: { host: string; port: number }): string {
  const code = codeOf(error);
  if (code === 'EADDRINUSE') return `Port ${port} on ${host} is taken by another program; set WAYBILL_PORT.`;
  if (code === 'EACCES')
    return `This user may not listen on port ${port}; set WAYBILL_PORT to one above 1023.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return `${host} is not an address of this machine; set WAYBILL_HOST to one, or to 0.0.0.0 for all.`;
  }
  return `Cannot listen on ${host}, port ${port}: ${error instanceof Error ? error.message : String(error)}`;
}
