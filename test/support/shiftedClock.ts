/** Shifts the wall clock of this process, which whoever asks `Date` shares; timers and `performance` go on as they are. */
export interface ShiftedClock {
  aheadMs: number;
  restore(): void;
}

export function shiftClock(): ShiftedClock {
  const RealDate = Date;
  const clock: ShiftedClock = {
    aheadMs: 0,
    restore: () => {
      globalThis.Date = RealDate;
    },
  };
  const now = () => RealDate.now() + clock.aheadMs;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args: unknown[], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as object,
    get: (target, name, receiver) =>
      name === 'now' ? now : (Reflect.get(target, name, receiver) as unknown),
  });
  return clock;
}
