import { AsyncLocalStorage } from 'node:async_hooks';
import { type Context, type ContextManager, ROOT_CONTEXT } from '@opentelemetry/api';

/** Carries the operation under way along every await, timer and event of Node. */
export function asyncContext(): ContextManager {
  const storage = new AsyncLocalStorage<Context>();
  const call = (context: Context, fn: object, self: unknown, args: readonly unknown[]): unknown =>
    storage.run(context, () => Reflect.apply(fn as () => unknown, self, args) as unknown);
  const manager: ContextManager = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (context, fn, self, ...args) => call(context, fn, self, args) as ReturnType<typeof fn>,
    bind: (context, target) => {
      if (typeof target !== 'function') return target;
      const bound = (...args: unknown[]): unknown => call(context, target, undefined, args);
      return bound as typeof target;
    },
    enable: () => manager,
    disable: () => {
      storage.disable();
      return manager;
    },
  };
  return manager;
}
