import { expect, it } from 'vitest';
import { createGather } from './gather.ts';

/** A run that the test lets end, and the items of every run so far. */
function held(more: { readonly lanes?: number; readonly most?: number; readonly keyed?: boolean } = {}) {
  const runs: { readonly items: readonly string[]; end: (error?: Error) => void }[] = [];
  const gather = createGather<string, string>({
    run: (items) =>
      new Promise((resolve, reject) => {
        const end = (error?: Error) => (error ? reject(error) : resolve(items.map((item) => `did ${item}`)));
        runs.push({ items, end });
      }),
    ...(more.keyed ? { keyOf: (item: string) => item.charAt(0) } : {}),
    most: more.most ?? 10,
    lanes: more.lanes ?? 1,
    isOwn: (error) => error instanceof Error && error.message === 'bad item',
  });
  return { runs, gather, items: () => runs.map((run) => run.items) };
}

/** Lets everything that can go on go on. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

it('P4 a call at rest goes at once; those that come meanwhile go together', async () => {
  const { gather, runs, items } = held();
  const answers = [gather('a')];
  await settled();
  expect(items()).toEqual([['a']]);
  answers.push(...['b', 'c'].map(gather));
  runs[0]?.end();
  await settled();
  expect(items()).toEqual([['a'], ['b', 'c']]);
  runs[1]?.end();
  expect(await Promise.all(answers)).toEqual(['did a', 'did b', 'did c']);
});

it('P4 no more go together, and no more at once, than was said', async () => {
  const { gather, runs, items } = held({ lanes: 2, most: 2 });
  const answers = ['a', 'b', 'c'].map(gather);
  await settled();
  answers.push(...['d', 'e'].map(gather));
  await settled();
  expect(items()).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ]);
  runs[0]?.end();
  await settled();
  expect(items()).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  runs[1]?.end();
  runs[2]?.end();
  expect(await Promise.all(answers)).toHaveLength(5);
});

it('P4 two of one key never go at the same time, and in their order', async () => {
  const { gather, runs, items } = held({ lanes: 3, keyed: true });
  const answers = ['a1', 'a2', 'b1', 'a3'].map(gather);
  await settled();
  answers.push(gather('c1'));
  await settled();
  expect(items()).toEqual([['a1', 'b1'], ['c1']]);
  runs[0]?.end();
  await settled();
  expect(items()).toEqual([['a1', 'b1'], ['c1'], ['a2']]);
  runs[1]?.end();
  runs[2]?.end();
  await settled();
  runs[3]?.end();
  expect(await Promise.all(answers)).toEqual(['did a1', 'did a2', 'did b1', 'did a3', 'did c1']);
});

it('P4 one bad item fails alone', async () => {
  const { gather, runs, items } = held();
  const calls = [gather('a')];
  await settled();
  calls.push(...['b', 'c'].map(gather));
  const answers = Promise.allSettled(calls);
  await settled();
  runs[0]?.end(new Error('bad item'));
  await settled();
  runs[1]?.end(new Error('bad item'));
  await settled();
  expect(items()).toEqual([['a'], ['b', 'c'], ['b'], ['c']]);
  runs[2]?.end(new Error('bad item'));
  runs[3]?.end();
  expect((await answers).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
});

it('P4 a failure of the server is everybody’s, and nobody asks it again alone', async () => {
  const { gather, runs, items } = held();
  const calls = [gather('a')];
  await settled();
  calls.push(...['b', 'c'].map(gather));
  const answers = Promise.allSettled(calls);
  await settled();
  runs[0]?.end();
  await settled();
  runs[1]?.end(new Error('the server is away'));
  expect((await answers).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
  expect(items()).toEqual([['a'], ['b', 'c']]);
});
