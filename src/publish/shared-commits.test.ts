import { describe, expect, it } from 'vitest';
import { conflict } from '../errors.ts';
import type { PublishRequest } from './plan.ts';
import { SharedCommits } from './shared-commits.ts';

const IN_USE = 'unique_item_in_use';

interface Commit {
  /** The accounts and types of what is stored in it. */
  readonly names: readonly string[];
  readonly patienceMs: number;
  /** Ends it: `held` if a transaction that stays open is in the way. */
  readonly end: (how: 'stored' | 'held') => Promise<void>;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function request(name: string): PublishRequest {
  const [accountId = '', type = ''] = name.split('/');
  const event = { path: '', type, subject: null, channel: null, version: null, occurredAt: null, data: '1' };
  return { accountId, events: [{ ...event, idempotencyKey: null }], idempotencyKey: null };
}

/** Commits that end when they are told to, by a clock that is moved. */
function start(aloneAtOnce = { all: 4, each: 2 }) {
  let now = 0;
  const commits: Commit[] = [];
  const shared = new SharedCommits({
    commitsAtOnce: 1,
    aloneAtOnce,
    now: () => now,
    store: (requests, patienceMs) =>
      new Promise((resolve, reject) => {
        const end = (how: 'stored' | 'held'): Promise<void> => {
          if (how === 'held') reject(conflict(IN_USE, 'is in use'));
          else resolve(requests.map(() => ({ status: 'fulfilled', value: [] })));
          return turn();
        };
        const names = requests.map(({ accountId, events }) => `${accountId}/${events[0]?.type}`);
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

describe('publishes for an account in whose way an open transaction is', () => {
  it('go alone, two at a time, and leave a place for those of another', async () => {
    const { submit, begun, end } = start();
    await submit('a/1');
    await end('a/1', 'held');
    await submit('a/2', 'a/3', 'b/1', 'c/1');
    expect(begun()).toEqual(['a/1', 'a/1', 'b/1', 'a/2']);
    await end('b/1', 'held');
    expect(begun().slice(4)).toEqual(['b/1', 'c/1']);
  });

  it('let others have their place after a moment, and come back', async () => {
    const { submit, begun, end, advance, answers, commits } = start({ all: 1, each: 1 });
    await submit('a/1');
    await end('a/1', 'held');
    await submit('a/2');
    await submit('b/1');
    await end('b/1', 'held');
    expect(begun()).toEqual(['a/1', 'a/1', 'b/1']);
    advance(100);
    await end('a/1', 'held');
    for (const name of ['a/2', 'b/1', 'a/1']) await end(name, 'stored');
    expect(begun().slice(3)).toEqual(['a/2', 'b/1', 'a/1']);
    expect(new Set(commits.map(({ patienceMs }) => patienceMs))).toEqual(new Set([100]));
    expect([...answers]).toEqual(['a/2', 'b/1', 'a/1'].map((name) => [name, 'stored']));
  });

  it('are refused at once when no time is left, whatever they came for', async () => {
    const { submit, begun, end, advance, answers, commits } = start({ all: 1, each: 1 });
    await submit('a/1');
    await end('a/1', 'held');
    await submit('a/2', 'a/3');
    advance(960);
    await end('a/1', 'held');
    await end('a/2', 'held');
    await end('a/3', 'held');
    expect(commits.slice(2).map(({ patienceMs }) => patienceMs)).toEqual([40, 40, 40]);
    await submit('a/4');
    advance(40);
    await end('a/1', 'held');
    await end('a/4', 'stored');
    expect(begun().slice(2)).toEqual(['a/2', 'a/3', 'a/1', 'a/4']);
    expect([...answers]).toEqual([
      ['a/2', IN_USE],
      ['a/3', IN_USE],
      ['a/4', 'stored'],
      ['a/1', IN_USE],
    ]);
  });

  it('share commits again as soon as it has ended, however much still goes alone', async () => {
    const { submit, begun, end } = start({ all: 1, each: 1 });
    await submit('a/1');
    await end('a/1', 'held');
    await submit('a/2', 'a/3');
    await end('a/1', 'stored');
    await submit('a/4', 'a/5', 'a/6');
    await end('a/4', 'stored');
    expect(begun().slice(2)).toEqual(['a/2', 'a/4', 'a/5 a/6']);
  });
});
