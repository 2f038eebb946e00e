import { expect, it } from 'vitest';
import type { LazyServices } from '../lazyServices.ts';
import type { FunctionsApp } from './registerHttp.ts';
import { type PlatformParts, registerPlatform } from './registerPlatform.ts';

const parts: PlatformParts = {
  handlers: [],
  timers: [{ name: 'sweep', schedule: '0 * * * * *', work: () => Promise.reject(new Error('never called')) }],
  directTimers: [{ name: 'watch', schedule: '0 * * * * *', work: () => Promise.resolve() }],
  queues: [{ name: 'slices', queueName: 'slices', work: () => Promise.resolve('done') }],
  dashboardFolder: () => '/nonexistent',
};

function registeredBy(more: Partial<PlatformParts>): string[] {
  const names: string[] = [];
  const note = (name: string): void => void names.push(name);
  const app = {
    http: note,
    timer: note,
    storageQueue: note,
    hook: { appStart: () => undefined, appTerminate: () => undefined },
  };
  registerPlatform(app as unknown as FunctionsApp, { ...parts, ...more }, {} as LazyServices);
  return names;
}

it('D1 a staging slot answers calls, and leaves timers and queues of the shared database to production', () => {
  const background = ['timer-sweep', 'timer-watch', 'queue-slices'];
  expect(registeredBy({})).toEqual(expect.arrayContaining(background));
  const inSlot = registeredBy({ doesBackgroundWork: false });
  expect(inSlot.filter((name) => background.includes(name))).toEqual([]);
  expect(inSlot).toContain('zz-dashboard');
});
