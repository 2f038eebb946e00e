import { expect, it } from 'vitest';
import { replaceFile } from './replaceFile.ts';

/** A file system that refuses so often, as Windows does while a scanner holds the file. */
function held(times: number, code: string, platform: NodeJS.Platform = 'win32') {
  const state = { tries: 0, waitedMs: 0 };
  const system = {
    platform,
    rename: () => {
      state.tries += 1;
      if (state.tries <= times) throw Object.assign(new Error(code), { code });
    },
    wait: (milliseconds: number) => {
      state.waitedMs += milliseconds;
    },
  };
  return { state, replace: () => replaceFile('state.dat.new', 'state.dat', system) };
}

it.each(['EPERM', 'EBUSY', 'EACCES'])('F17 on Windows a file that is held (%s) is waited for', (code) => {
  const { state, replace } = held(3, code);
  replace();
  expect(state.tries).toBe(4);
});

it('F17 a file that stays held is waited for two seconds, and nothing on another system', () => {
  const always = held(99, 'EBUSY');
  expect(always.replace).toThrow('EBUSY');
  expect(always.state.waitedMs).toBeLessThanOrEqual(2000);
  expect(always.state.waitedMs).toBeGreaterThan(1500);
  for (const once of [held(1, 'ENOSPC'), held(1, 'EACCES', 'linux')]) {
    expect(once.replace).toThrow();
    expect(once.state).toEqual({ tries: 1, waitedMs: 0 });
  }
});
