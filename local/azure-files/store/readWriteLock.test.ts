import { describe, expect, it } from 'vitest';
import { KeyedLocks, ReadWriteLock } from './readWriteLock.ts';

function gate(): { readonly opened: Promise<undefined>; open: () => void } {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  return { opened: promise, open: () => resolve(undefined) };
}

describe('the lock', () => {
  it('L4 lets readers in together and a writer alone, in the order they came', async () => {
    const lock = new ReadWriteLock();
    const events: string[] = [];
    const [first, second] = [gate(), gate()];
    const run = (name: string, mode: 'shared' | 'exclusive', until?: Promise<undefined>) =>
      lock[mode](async () => {
        events.push(`${name} in`);
        await until;
        events.push(`${name} out`);
      });
    const all = [
      run('r1', 'shared', first.opened),
      run('r2', 'shared', second.opened),
      run('w', 'exclusive'),
      run('r3', 'shared'),
    ];
    await Promise.resolve();
    expect(events).toEqual(['r1 in', 'r2 in']);
    first.open();
    second.open();
    await Promise.all(all);
    expect(events).toEqual(['r1 in', 'r2 in', 'r1 out', 'r2 out', 'w in', 'w out', 'r3 in', 'r3 out']);
    expect(lock.idle).toBe(true);
  });

  it('L4 is given back when the work fails', async () => {
    const locks = new KeyedLocks();
    await expect(locks.run('k', 'exclusive', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(locks.run('k', 'exclusive', () => 'again')).resolves.toBe('again');
  });
});
