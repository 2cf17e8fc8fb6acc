import { expect, it } from 'vitest';
import { FairPlaces } from './fair-places.ts';

/** Work that is named by its account and a number, in the order it begins, and ends when it is told to. */
function start(all: number, each: number) {
  const places = new FairPlaces(all, each);
  const begun: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  const run = (name: string): Promise<string> => {
    const work = async (): Promise<string> => {
      begun.push(name);
      await new Promise<void>((resolve, reject) => {
        ends.set(name, (error) => (error ? reject(error) : resolve()));
      });
      return `${name} done`;
    };
    return places.run(name.slice(0, 1), work);
  };
  const end = async (name: string, error?: Error): Promise<void> => {
    ends.get(name)?.(error);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { begun, run, end };
}

it('an account has no more places than its part, whatever it waits for: others find one', async () => {
  const { begun, run, end } = start(4, 2);
  for (const name of ['a1', 'a2', 'a3', 'a4', 'b1']) void run(name);
  await end('nothing');
  expect(begun).toEqual(['a1', 'a2', 'b1']);
  await end('a2');
  expect(begun).toEqual(['a1', 'a2', 'b1', 'a3']);
});

it('where all places are taken accounts take turns, and each of them in its order', async () => {
  const { begun, run, end } = start(2, 2);
  for (const name of ['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1']) void run(name);
  for (const name of ['nothing', 'a1', 'a2', 'b1', 'a3', 'c1', 'b2', 'a4']) await end(name);
  expect(begun).toEqual(['a1', 'a2', 'b1', 'a3', 'c1', 'b2', 'a4']);
});

it('gives what the work gives or throws, and its place to the next in either case', async () => {
  const { begun, run, end } = start(1, 1);
  const [first, second] = [run('a1'), run('a2')];
  const failed = expect(first).rejects.toThrow('no luck');
  await end('nothing');
  await end('a1', new Error('no luck'));
  await failed;
  expect(begun).toEqual(['a1', 'a2']);
  await end('a2');
  expect(await second).toBe('a2 done');
});
