import type { RegisteredFunction } from '../function-app.ts';

export interface QueueFunction {
  readonly kind: 'queue';
  readonly name: string;
  readonly queueName: string;
  readonly bindingName: string;
  readonly registered: RegisteredFunction;
}

/** Reads a queue trigger; `%NAME%` in the queue's name stands for a setting. The queue is always on the host's own storage. */
export function readQueueFunction(
  registered: RegisteredFunction,
  bindingName: string,
  resolveSetting: (text: string) => string,
): QueueFunction {
  const { name, bindings } = registered.metadata;
  const given = bindings[bindingName]?.['queueName'];
  const queueName = typeof given === 'string' ? resolveSetting(given) : '';
  if (!/^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$/.test(queueName)) {
    throw new Error(
      `Queue function "${name}" names the queue '${queueName}'; wanted are 3 to 63 of a-z, 0-9 and single dashes.`,
    );
  }
  return { kind: 'queue', name, queueName, bindingName, registered };
}
