import type { HookCallback, HookContext, HookName } from './core-api.ts';

const hookNames: readonly string[] = ['appStart', 'appTerminate', 'preInvocation', 'postInvocation', 'log'];

function isHookName(name: string): name is HookName {
  return hookNames.includes(name);
}

/** Hooks of one app, called in the order of their registration; a hook that throws stops what it is hooked to. */
export class AppHooks {
  readonly #callbacks: Record<HookName, HookCallback[]> = {
    appStart: [],
    appTerminate: [],
    preInvocation: [],
    postInvocation: [],
    log: [],
  };

  /** Adds a hook and returns what removes it. Unknown names are refused with the error the worker gives. */
  add(name: string, callback: HookCallback): () => void {
    if (!isHookName(name)) {
      throw Object.assign(new RangeError(`Unrecognized hook "${name}"; known are ${hookNames.join(', ')}.`), {
        isAzureFunctionsSystemError: true,
      });
    }
    const callbacks = this.#callbacks[name];
    callbacks.push(callback);
    return () => {
      const index = callbacks.indexOf(callback);
      if (index !== -1) callbacks.splice(index, 1);
    };
  }

  has(name: HookName): boolean {
    return this.#callbacks[name].length > 0;
  }

  async run(name: HookName, context: HookContext): Promise<void> {
    for (const callback of [...this.#callbacks[name]]) await callback(context);
  }

  /** Log hooks cannot be waited for: they see the record, may change level and text, and nothing else. */
  runLog(context: HookContext): void {
    for (const callback of this.#callbacks.log) callback(context);
  }
}
