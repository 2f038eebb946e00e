import { describe, expect, it } from 'vitest';
import type { Logger } from '../../logging.ts';
import { Courier, type Export } from './courier.ts';

const ordinary = (lot = 0.5) => ({ isError: false, fingerprint: '', lot });

function courierTo(send: Export<number>, timeoutMs = 60_000) {
  const tally = { sent: 0, budget: 0, undelivered: 0, refused: 0 };
  const said: string[] = [];
  const say = (message: string): void => void said.push(message);
  const log: Logger = { debug: say, info: say, warn: say, error: say, child: () => log };
  const courier = new Courier<'requests', number>({
    bounds: { requests: { ordinary: 10, errors: 10 } },
    mark: ({ item }) => item,
    send,
    tally: {
      sent: (_, count) => void (tally.sent += count),
      leftOut: (_, reason, count) => void (tally[reason] += count),
    },
    log,
    timeoutMs,
  });
  return { courier, tally, said };
}

describe('Courier', () => {
  it('D5 B36 while a delivery hangs it keeps no more than a window, and loses no count', async () => {
    const hanging = Promise.withResolvers<undefined>();
    const deliveries: number[][] = [];
    const { courier, tally } = courierTo(async (items, done) => {
      deliveries.push(items);
      if (deliveries.length === 1) await hanging.promise;
      done({ code: 0 });
    });
    courier.offer('requests', 0, ordinary());
    courier.next();
    for (let n = 1; n <= 100_000; n += 1) {
      courier.offer('requests', n, ordinary(n / 100_000));
      if (n % 100 === 0) courier.next();
    }
    expect(deliveries).toHaveLength(1);
    hanging.resolve(undefined);
    await courier.flush();
    expect(deliveries.map((items) => items.length)).toEqual([1, 10]);
    expect(tally).toEqual({ sent: 11, budget: 99_990, undelivered: 0, refused: 0 });
  });

  it.each<[string, Export<number>]>([
    ['refuses', async (_, done) => done({ code: 1, error: new Error('429') })],
    ['throws', async () => Promise.reject(new Error('ECONNREFUSED'))],
    ['never answers', () => new Promise(() => undefined)],
  ])(
    'D5 an endpoint that %s costs what was to be delivered, is told once, and holds up nothing',
    async (_, send) => {
      let answer = send;
      const { courier, tally, said } = courierTo((items, done) => answer(items, done), 10);
      for (let n = 0; n < 3; n += 1) {
        courier.offer('requests', n, ordinary());
        await courier.flush();
      }
      expect(tally).toEqual({ sent: 0, budget: 0, undelivered: 0, refused: 0 });
      expect(said).toEqual(['telemetry was not delivered']);
      answer = async (_items, done) => done({ code: 0 });
      courier.offer('requests', 3, ordinary());
      await courier.flush();
      expect(tally).toEqual({ sent: 1, budget: 0, undelivered: 3, refused: 0 });
    },
  );

  it('D5 of a delivery that was taken in part only what was taken counts as sent, and the rest is told with it', async () => {
    const why = '400: too old';
    const { courier, tally, said } = courierTo(async (_, done) =>
      done({
        code: 0,
        missing: [
          { kind: 'requests', reason: 'refused', count: 2, why },
          { kind: 'requests', reason: 'undelivered', count: 1, why },
        ],
      }),
    );
    for (let n = 0; n < 5; n += 1) courier.offer('requests', n, ordinary());
    await courier.flush();
    expect(tally).toEqual({ sent: 2, budget: 0, undelivered: 1, refused: 2 });
    expect(said).toEqual(['a part of the telemetry was not taken']);
  });
});
