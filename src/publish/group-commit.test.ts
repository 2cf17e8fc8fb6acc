import { describe, expect, it } from 'vitest';
import { GroupCommit } from './group-commit.ts';

interface Commit {
  readonly requests: readonly number[];
  readonly end: (results?: readonly PromiseSettledResult<string>[]) => void;
}

/** A group of requests that are their own weight, whose commits end when they are told to. */
function create(options: { commitsAtOnce?: number; maxWeight?: number } = {}) {
  const commits: Commit[] = [];
  const group = new GroupCommit<number, string>({
    commitsAtOnce: 1,
    maxWeight: 10,
    ...options,
    weigh: (request) => request,
    commit: (requests) =>
      new Promise((resolve) => {
        const fine = requests.map((one) => ({ status: 'fulfilled', value: `done ${one}` }) as const);
        commits.push({ requests, end: (results = fine) => resolve(results) });
      }),
  });
  return { group, commits };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('group commit', () => {
  it('a request that comes alone is committed at once, alone', async () => {
    const { group, commits } = create();
    const answer = group.submit(1);
    expect(commits.map((commit) => commit.requests)).toEqual([[1]]);
    commits[0]?.end();
    expect(await answer).toBe('done 1');
  });

  it('requests that come while a commit is under way share the next one, in order', async () => {
    const { group, commits } = create();
    const answers = [1, 2, 3, 4].map((request) => group.submit(request));
    await turn();
    expect(commits).toHaveLength(1);
    commits[0]?.end();
    await turn();
    expect(commits.map((commit) => commit.requests)).toEqual([[1], [2, 3, 4]]);
    commits[1]?.end();
    expect(await Promise.all(answers)).toEqual(['done 1', 'done 2', 'done 3', 'done 4']);
    expect(commits).toHaveLength(2);
  });

  it('no more commits are under way at once than allowed', async () => {
    const { group, commits } = create({ commitsAtOnce: 2 });
    const answers = [1, 2, 3, 4].map((request) => group.submit(request));
    expect(commits.map((commit) => commit.requests)).toEqual([[1], [2]]);
    commits[1]?.end();
    await turn();
    expect(commits.map((commit) => commit.requests)).toEqual([[1], [2], [3, 4]]);
    commits[0]?.end();
    commits[2]?.end();
    await Promise.all(answers);
  });

  it('a commit weighs no more than allowed, but for a request that weighs more by itself', async () => {
    const { group, commits } = create({ maxWeight: 10 });
    const answers = [1, 5, 5, 1, 25, 3].map((request) => group.submit(request));
    for (let count = 1; count <= 5; count += 1) {
      commits[count - 1]?.end();
      await turn();
    }
    expect(commits.map((commit) => commit.requests)).toEqual([[1], [5, 5], [1], [25], [3]]);
    await Promise.all(answers);
  });

  it('each request gets its own outcome: one that is refused takes no other with it', async () => {
    const { group, commits } = create();
    const answers = [1, 2, 3].map((request) => group.submit(request));
    commits[0]?.end();
    await turn();
    const reason = new Error('refused');
    commits[1]?.end([
      { status: 'rejected', reason },
      { status: 'fulfilled', value: 'done 3' },
    ]);
    const outcomes = await Promise.allSettled(answers);
    expect(outcomes.map((one) => (one.status === 'fulfilled' ? one.value : one.reason))).toEqual([
      'done 1',
      reason,
      'done 3',
    ]);
  });

  it('a request without a result is rejected, not left waiting', async () => {
    const { group, commits } = create();
    const answer = group.submit(1);
    commits[0]?.end([]);
    await expect(answer).rejects.toThrow('no result');
  });

  it('a failed commit does not keep the next one from being made', async () => {
    const { group, commits } = create();
    const answers = [group.submit(1), group.submit(2)];
    commits[0]?.end([{ status: 'rejected', reason: new Error('away') }]);
    await expect(answers[0]).rejects.toThrow('away');
    await turn();
    commits[1]?.end();
    expect(await answers[1]).toBe('done 2');
  });
});
