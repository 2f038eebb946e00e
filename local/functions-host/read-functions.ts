import type { FunctionApp, RegisteredFunction } from './function-app.ts';
import type { AccessKeys } from './http/access-key.ts';
import { readHttpFunction } from './http/http-function.ts';
import type { HttpFunction } from './http/http-function.ts';
import { readQueueFunction } from './queues/queue-function.ts';
import type { QueueFunction } from './queues/queue-function.ts';
import { readTimerFunction } from './timers/timer-function.ts';
import type { TimerFunction } from './timers/timer-function.ts';

export type HostedFunction = HttpFunction | TimerFunction | QueueFunction;

export interface FunctionReading {
  readonly keys: AccessKeys;
  readonly timeZone: string;
  /** What `%NAME%` in schedules and queue names stands for. */
  readonly settings: Readonly<Record<string, string | undefined>>;
}

/** The functions of an app. Throws with the function's name for a trigger or an option that this host does not serve. */
export function readFunctions(app: FunctionApp, reading: FunctionReading): HostedFunction[] {
  return [...app.functions.values()].map((registered) => readFunction(registered, reading));
}

function readFunction(registered: RegisteredFunction, reading: FunctionReading): HostedFunction {
  refuseUnserved(registered);
  const { name, bindings } = registered.metadata;
  const trigger = Object.entries(bindings).find(([, { type }]) => type.toLowerCase().endsWith('trigger'));
  const [bindingName = '', binding] = trigger ?? [];
  const resolveSetting = settingResolver(name, reading.settings);
  switch (binding?.type.toLowerCase()) {
    case 'httptrigger':
      return readHttpFunction(registered, bindingName, reading.keys);
    case 'timertrigger':
      return readTimerFunction(registered, bindingName, { timeZone: reading.timeZone, resolveSetting });
    case 'queuetrigger':
      return readQueueFunction(registered, bindingName, resolveSetting);
    default:
      throw new Error(
        `Function "${name}" has the trigger '${binding?.type ?? 'none'}'; this host serves httpTrigger, timerTrigger and queueTrigger.`,
      );
  }
}

/** What would be dropped in silence here and done in Azure is refused. */
function refuseUnserved({ metadata: { name, bindings, retryOptions } }: RegisteredFunction): void {
  if (retryOptions !== undefined) {
    throw new Error(
      `Function "${name}" has a retry policy; this host has none: retry in the function or by its queue.`,
    );
  }
  const unserved = Object.values(bindings).find(
    ({ type }) => !type.toLowerCase().endsWith('trigger') && type.toLowerCase() !== 'http',
  );
  if (unserved !== undefined) {
    throw new Error(
      `Function "${name}" has the ${unserved.direction}put binding '${unserved.type}'; this host has only triggers and HTTP answers: use the service's SDK.`,
    );
  }
}

function settingResolver(
  functionName: string,
  settings: FunctionReading['settings'],
): (text: string) => string {
  return (text) =>
    text.replace(/%([^%]+)%/g, (_, settingName: string) => {
      const value = settings[settingName];
      if (value !== undefined) return value;
      throw new Error(`Function "${functionName}" needs the setting ${settingName}, which is not there.`);
    });
}
