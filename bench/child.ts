import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A process of the benchmark's own, asked over IPC. */
export interface Child {
  /** Asks for one of the answers the child offers. @throws Error with the child's message, or if it has ended */
  ask<Answer>(question: string, argument?: unknown): Promise<Answer>;
  /** Asks it to `stop`, and kills it if it hasn't ended after a while. */
  end(): Promise<void>;
}

/** The children that are running, so that none outlives the benchmark. */
const running = new Set<ChildProcess>();
const END_TIMEOUT_MS = 15_000;

interface Reply {
  readonly id: number;
  readonly answer?: unknown;
  readonly error?: string;
}

/** @param file beside this one */
export function startChild(file: string, execArgv: readonly string[] = []): Child {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const child = fork(path, { execArgv: [...process.execArgv, ...execArgv] });
  const asked = new Map<number, PromiseWithResolvers<unknown>>();
  running.add(child);
  child.on('message', (reply: Reply) => settle(asked, reply, file));
  child.once('exit', (code, signal) => {
    running.delete(child);
    for (const waiting of asked.values()) waiting.reject(new Error(`${file} ended (${signal ?? code})`));
  });
  let lastId = 0;
  function ask<Answer>(question: string, argument?: unknown): Promise<Answer> {
    if (!child.connected) return Promise.reject(new Error(`${file} has ended`));
    const waiting = Promise.withResolvers<unknown>();
    lastId += 1;
    asked.set(lastId, waiting);
    child.send({ id: lastId, question, argument });
    return waiting.promise as Promise<Answer>;
  }
  return { ask, end: () => end(child, ask) };
}

function settle(asked: Map<number, PromiseWithResolvers<unknown>>, reply: Reply, file: string): void {
  const waiting = asked.get(reply.id);
  asked.delete(reply.id);
  if (reply.error === undefined) waiting?.resolve(reply.answer);
  else waiting?.reject(new Error(`${file}: ${reply.error}`));
}

async function end(child: ChildProcess, ask: Child['ask']): Promise<void> {
  if (!running.has(child)) return;
  const exited = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGKILL'), END_TIMEOUT_MS);
  // It may end before its reply has come through.
  ask('stop').catch(() => undefined);
  await exited;
  clearTimeout(timer);
}

/** Kills what is still running, at once. */
export function killChildren(): void {
  for (const child of running) child.kill('SIGKILL');
}
