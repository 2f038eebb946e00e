/**
 * Preloaded into an agent of the local platform (`node --import`): the clock of its PC is wrong by `CLOCK_SKEW_SECONDS`.
 * Only what reads the wall clock is changed; timers and the monotonic clock of `performance` go on as they are.
 */
const skewMs = Number(process.env['CLOCK_SKEW_SECONDS'] ?? '0') * 1000;
const RealDate = Date;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args: unknown[], newTarget) =>
    Reflect.construct(target, args.length === 0 ? [RealDate.now() + skewMs] : args, newTarget) as object,
  apply: () => new RealDate(RealDate.now() + skewMs).toString(),
  get: (target, name, receiver) =>
    name === 'now' ? () => RealDate.now() + skewMs : (Reflect.get(target, name, receiver) as unknown),
});

export {};
