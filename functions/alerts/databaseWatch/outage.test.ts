import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterLook } from './outage.ts';
import type { Trouble } from './trouble.ts';
import { noWatchState, type WatchedChannel, watchState, type WatchState } from './watchState.ts';

const settleMs = 120_000;
const channel: Omit<WatchedChannel, 'channelId'> = {
  organizationId: 'org',
  organizationName: 'Org',
  kind: 'webhook',
  name: 'pages',
  config: {},
  secretBox: null,
  recipients: [],
};
const configured: WatchState = {
  ...noWatchState,
  channels: [
    { ...channel, channelId: 'a' },
    { ...channel, channelId: 'b' },
  ],
};

function looker(state: WatchState) {
  let made = 0;
  const newId = (): string => {
    made += 1;
    return `id-${String(made)}`;
  };
  const box = {
    state,
    atMs: Date.parse('2026-11-22T12:00:00Z'),
    look: (answered: boolean, afterSeconds = 0, trouble: Trouble = 'silent'): WatchState => {
      box.atMs += afterSeconds * 1000;
      box.state = afterLook(box.state, {
        trouble: answered ? null : trouble,
        at: new Date(box.atMs),
        settleMs,
        newId,
      });
      return box.state;
    },
    /** As if every channel had taken its page. */
    deliver: (): void => {
      const told = box.state.pages.filter(({ transition }) => transition === 'opened');
      box.state = { ...box.state, pages: [], toldChannelIds: told.map(({ channelId }) => channelId) };
    },
  };
  return box;
}

describe('afterLook', () => {
  it('S9 a silence shorter than the settle time tells nobody', () => {
    const watch = looker(configured);
    watch.look(false);
    expect(watch.look(false, 119)).toMatchObject({ phase: 'suspected', pages: [] });
    expect(watch.look(true, 1)).toMatchObject({ phase: 'well', since: null, pages: [] });
    expect(watch.look(false, 1)).toMatchObject({ phase: 'suspected' });
  });

  it('S9 a longer one is one page a channel, however often it is looked again', () => {
    const watch = looker(configured);
    watch.look(false);
    const { pages, alertId, phase } = watch.look(false, 120);
    expect(phase).toBe('down');
    expect(pages.map(({ channelId, transition }) => [channelId, transition])).toEqual([
      ['a', 'opened'],
      ['b', 'opened'],
    ]);
    expect(new Set(pages.map((page) => page.alertId))).toEqual(new Set([alertId]));
    expect(watch.look(false, 30).pages).toEqual(pages);
  });

  it('S9 the end is told when it lasted for as long, to those who were told of the beginning', () => {
    const watch = looker(configured);
    watch.look(false);
    watch.look(false, 120);
    const { alertId } = watch.state;
    watch.state = { ...watch.state, toldChannelIds: ['a'], pages: watch.state.pages.slice(1) };
    watch.look(true, 30);
    expect(watch.look(true, 119)).toMatchObject({ phase: 'down' });
    const { phase, pages } = watch.look(true, 1);
    expect(phase).toBe('well');
    expect(pages).toMatchObject([{ channelId: 'a', transition: 'resolved', alertId }]);
  });

  it('S4 S9 one trouble that becomes another is one outage, told as what it was then', () => {
    const watch = looker(configured);
    watch.look(false, 0, 'silent');
    expect(watch.look(false, 120, 'full').pages).toMatchObject([{ trouble: 'full' }, { trouble: 'full' }]);
    watch.deliver();
    expect(watch.look(false, 30, 'silent')).toMatchObject({ phase: 'down', trouble: 'full', pages: [] });
    watch.look(true, 30);
    expect(watch.look(true, 120).pages).toMatchObject([
      { transition: 'resolved', trouble: 'full' },
      { transition: 'resolved', trouble: 'full' },
    ]);
    expect(watch.state).toMatchObject({ phase: 'well', trouble: null });
  });

  it('S9 reads what an earlier version wrote, which knew of silence only', () => {
    const watch = looker(configured);
    watch.look(false);
    const { trouble: _, pages, ...earlier } = watch.look(false, 120);
    const stored = { ...earlier, pages: pages.map(({ trouble: _none, ...page }) => page) };
    expect(watchState.parse(stored)).toMatchObject({
      trouble: null,
      pages: [{ trouble: 'silent' }, { trouble: 'silent' }],
    });
  });

  it('S9 a database that comes and goes is one outage', () => {
    const watch = looker(configured);
    watch.look(false);
    watch.look(false, 120);
    const { alertId } = watch.state;
    watch.deliver();
    for (let turn = 0; turn < 20; turn += 1) {
      watch.look(true, 60);
      watch.look(false, 59);
    }
    expect(watch.state).toMatchObject({ phase: 'down', alertId, pages: [] });
  });

  it('S9 B40 never pages twice without an end between, nor ends what it did not tell', () => {
    const looks = fc.array(fc.record({ answered: fc.boolean(), seconds: fc.integer({ min: 1, max: 200 }) }), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(looks, (steps) => {
        const watch = looker(configured);
        const told: string[] = [];
        for (const { answered, seconds } of steps) {
          watch.look(answered, seconds);
          told.push(...watch.state.pages.map(({ transition, channelId }) => `${transition} ${channelId}`));
          watch.deliver();
          if (watch.state.phase === 'well') watch.state = { ...watch.state, toldChannelIds: [] };
          else if (watch.state.phase === 'down') watch.state = { ...watch.state, toldChannelIds: ['a', 'b'] };
          expect(watchState.parse(watch.state)).toEqual(watch.state);
        }
        for (const id of ['a', 'b']) {
          const own = told.filter((text) => text.endsWith(` ${id}`)).map((text) => text.split(' ')[0]);
          expect(own).toEqual(own.map((_, index) => (index % 2 === 0 ? 'opened' : 'resolved')));
        }
      }),
    );
  });
});
