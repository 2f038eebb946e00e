import type { FunctionApp, RegisteredFunction } from './function-app.ts';
import type { AccessKeys } from './http/access-key.ts';
import { readHttpFunction } from './http/http-function.ts';
import type { HttpFunction } from './http/http-function.ts';

export type HostedFunction = HttpFunction;

export interface HostedFunctions {
  readonly all: readonly HostedFunction[];
  readonly http: readonly HttpFunction[];
}

/** Sorts an app's functions by trigger. Throws with the function's name for a trigger or an option that this host does not serve. */
export function readFunctions(app: FunctionApp, keys: AccessKeys): HostedFunctions {
  const all = [...app.functions.values()].map((registered) => readFunction(registered, keys));
  return { all, http: all.filter((fn) => fn.kind === 'http') };
}

function readFunction(registered: RegisteredFunction, keys: AccessKeys): HostedFunction {
  const { name, bindings, retryOptions } = registered.metadata;
  if (retryOptions !== undefined) {
    throw new Error(
      `Function "${name}" has a retry policy; this host has none: retry in the function or by its queue.`,
    );
  }
  const trigger = Object.entries(bindings).find(([, { type }]) => type.toLowerCase().endsWith('trigger'));
  const [bindingName = '', binding] = trigger ?? [];
  switch (binding?.type.toLowerCase()) {
    case 'httptrigger':
      return readHttpFunction(registered, bindingName, keys);
    default:
      throw new Error(
        `Function "${name}" has the trigger '${binding?.type ?? 'none'}'; this host serves httpTrigger, timerTrigger and queueTrigger.`,
      );
  }
}
