import { randomUUID } from 'node:crypto';
import type { InvocationResponse, ProgrammingModel, RpcTypedData } from './core-api.ts';
import type { FunctionApp, RegisteredFunction } from './function-app.ts';
import type { InFlight, InFlightCall } from './in-flight.ts';
import { invoke } from './invocation.ts';

export interface FunctionRunnerOptions {
  readonly app: FunctionApp;
  readonly model: ProgrammingModel;
  readonly inFlight: InFlight;
  /** `functionTimeout` of host.json; Infinity for none. */
  readonly timeoutMs: number;
  readonly nowMs: () => number;
}

export interface Triggered {
  readonly name: string;
  readonly bindingName: string;
  readonly registered: RegisteredFunction;
}

/** Runs functions that nobody waits for at the other end of a connection: timers and queue messages. */
export class FunctionRunner {
  readonly #options: FunctionRunnerOptions;

  constructor(options: FunctionRunnerOptions) {
    this.#options = options;
  }

  /**
   * Rejects with what the function threw, or when its time is up. Azure ends the process then; here the function may
   * go on in the dark, but its message or tick counts as failed.
   */
  async run(
    fn: Triggered,
    data: RpcTypedData,
    triggerMetadata: Record<string, RpcTypedData> = {},
  ): Promise<InvocationResponse> {
    const { app, model, inFlight, timeoutMs, nowMs } = this.#options;
    const timeUp = Promise.withResolvers<never>();
    const call: InFlightCall = {
      startedAtMs: nowMs(),
      limitMs: timeoutMs,
      expire: () => {
        timeUp.reject(new Error(`Function "${fn.name}" exceeded functionTimeout, ${timeoutMs} ms.`));
      },
    };
    inFlight.add(call);
    try {
      return await Promise.race([this.#invoke(fn, data, triggerMetadata, { app, model }), timeUp.promise]);
    } finally {
      inFlight.remove(call);
    }
  }

  async #invoke(
    fn: Triggered,
    data: RpcTypedData,
    triggerMetadata: Record<string, RpcTypedData>,
    { app, model }: { app: FunctionApp; model: ProgrammingModel },
  ): Promise<InvocationResponse> {
    const invocationId = randomUUID();
    const id = invocationId.replaceAll('-', '');
    const outcome = await invoke(app, model, fn.registered, {
      invocationId,
      functionId: fn.name,
      inputData: [{ name: fn.bindingName, data }],
      triggerMetadata,
      traceContext: { traceParent: `00-${id}-${id.slice(16)}-01` },
    });
    return outcome.respond(outcome.result);
  }
}
