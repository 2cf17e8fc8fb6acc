import { describe, expect, it } from 'vitest';
import { conflict } from '../errors.ts';
import type { PublishRequest } from './plan.ts';
import { SharedCommits } from './shared-commits.ts';

const IN_USE = 'unique_item_in_use';

interface Commit {
  /** The accounts and items of what is stored in it. */
  readonly names: readonly string[];
  readonly patienceMs: number;
  /** Ends it: `held` if a transaction that stays open is in the way. */
  readonly end: (how: 'stored' | 'held') => Promise<void>;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** @param name the account, and the items its events are about */
function request(name: string): PublishRequest {
  const [accountId = '', items = ''] = name.split('/');
  const event = {
    path: '',
    type: 'order.changed',
    channel: null,
    version: null,
    occurredAt: null,
    data: '1',
  };
  const events = items.split('+').map((subject) => ({ ...event, subject, idempotencyKey: null }));
  return { accountId, events, idempotencyKey: null };
}

/** Commits that end when they are told to, by a clock that is moved. */
function start() {
  let now = 0;
  const commits: Commit[] = [];
  const shared = new SharedCommits({
    commitsAtOnce: 1,
    aloneAtOnce: { untried: { all: 2, each: 2 }, heldUp: { all: 2, each: 1 } },
    now: () => now,
    store: (requests, patienceMs) =>
      new Promise((resolve, reject) => {
        const end = (how: 'stored' | 'held'): Promise<void> => {
          if (how === 'held') reject(conflict(IN_USE, 'is in use'));
          else resolve(requests.map(() => ({ status: 'fulfilled', value: [] })));
          return turn();
        };
        const names = requests.map(
          ({ accountId, events }) => `${accountId}/${events.map(({ subject }) => subject).join('+')}`,
        );
        commits.push({ names, patienceMs, end });
      }),
  });
  const answers = new Map<string, string>();
  const submit = (...names: string[]): Promise<void> => {
    for (const name of names) {
      shared.submit(request(name)).then(
        () => answers.set(name, 'stored'),
        ({ code }) => answers.set(name, code),
      );
    }
    return turn();
  };
  const begun = (): string[] => commits.map(({ names }) => names.join(' '));
  const advance = (ms: number): void => {
    now += ms;
  };
  const end = (name: string, how: 'stored' | 'held'): Promise<void> =>
    commits.findLast(({ names }) => names.includes(name))?.end(how) ?? Promise.resolve();
  return { commits, answers, submit, begun, advance, end };
}

/** How what was begun last ends, one after the other. */
async function endAll(
  { begun, end }: ReturnType<typeof start>,
  how: 'stored' | 'held',
  ...names: string[]
): Promise<void> {
  for (const name of names) {
    expect(begun()).toContain(name);
    await end(name, how);
  }
}

describe('publishes in whose way an open transaction is', () => {
  it('go alone, and with them what is about the same; everything else shares commits', async () => {
    const shared = start();
    const { submit, begun, answers } = shared;
    await submit('a/held');
    await endAll(shared, 'held', 'a/held', 'a/held');
    await submit('a/1', 'a/2', 'b/held', 'a/held');
    await endAll(shared, 'stored', 'a/1');
    expect(begun()).toEqual(['a/held', 'a/held', 'a/held', 'a/1', 'a/2 b/held']);
    await shared.end('a/2', 'stored');
    expect([...answers]).toEqual(['a/1', 'a/2', 'b/held'].map((name) => [name, 'stored']));
  });

  it('are set apart from those they were in one commit with, which are tried first, each by itself', async () => {
    const shared = start();
    const { submit, begun, answers, end } = shared;
    await submit('a/0');
    await submit('a/1', 'a/held', 'a/2', 'a/held');
    await end('a/0', 'stored');
    await end('a/1', 'held');
    expect(begun().slice(2)).toEqual(['a/1', 'a/held']);
    await end('a/held', 'held');
    // The second one about the same item isn't tried: it would take the place of others for nothing.
    expect(begun().slice(4).toSorted()).toEqual(['a/2', 'a/held']);
    await endAll(shared, 'stored', 'a/1', 'a/2');
    expect([...answers.keys()]).toEqual(['a/0', 'a/1', 'a/2']);
  });

  it('take one place for each account, and let others of it have theirs after a moment', async () => {
    const { submit, begun, end, advance, answers, commits } = start();
    for (const name of ['a/1', 'a/2', 'b/1']) {
      await submit(name);
      await end(name, 'held');
      await end(name, 'held');
    }
    const before = begun().length;
    expect(begun().filter((name) => name === 'a/2')).toHaveLength(2);
    advance(100);
    await end('a/1', 'held');
    await end('a/2', 'stored');
    expect(begun().slice(before)).toEqual(['a/2', 'a/1']);
    for (const name of ['b/1', 'a/1']) await end(name, 'stored');
    expect(new Set(commits.map(({ patienceMs }) => patienceMs))).toEqual(new Set([100]));
    expect([...answers.values()]).toEqual(['stored', 'stored', 'stored']);
  });

  it('are refused when no time is left', async () => {
    const { submit, begun, end, advance, answers, commits } = start();
    await submit('a/held');
    await end('a/held', 'held');
    await end('a/held', 'held');
    advance(960);
    await end('a/held', 'held');
    expect(commits.at(-1)?.patienceMs).toBe(40);
    advance(40);
    await end('a/held', 'held');
    expect([begun().length, answers.get('a/held')]).toEqual([4, IN_USE]);
  });

  it('are never refused without having been tried, however long they waited', async () => {
    const { submit, end, advance, answers } = start();
    await submit('a/0');
    await submit('a/1', 'a/2', 'a/3');
    await end('a/0', 'stored');
    await end('a/1', 'held');
    advance(2_000);
    await end('a/1', 'stored');
    await end('a/2', 'stored');
    await end('a/3', 'stored');
    expect([...answers.values()]).toEqual(['stored', 'stored', 'stored', 'stored']);
  });

  it('cast no suspicion on others where nobody knows which of several items it is', async () => {
    const { submit, begun, end } = start();
    await submit('a/1+2');
    await end('a/1+2', 'held');
    await end('a/1+2', 'held');
    await submit('a/0');
    await submit('a/1', 'a/2');
    await end('a/0', 'stored');
    expect(begun().slice(3)).toEqual(['a/0', 'a/1 a/2']);
  });

  it('share commits again as soon as it has ended', async () => {
    const { submit, begun, end } = start();
    await submit('a/held');
    await end('a/held', 'held');
    await end('a/held', 'held');
    await end('a/held', 'stored');
    await submit('a/0');
    await submit('a/held', 'a/1');
    await end('a/0', 'stored');
    expect(begun().at(-1)).toBe('a/held a/1');
  });
});
