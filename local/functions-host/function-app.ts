import type { Log, LogLevel } from '../log.ts';
import { AppHooks } from './app-hooks.ts';
import type { FunctionCallback, FunctionMetadata, LogCategory, ProgrammingModel } from './core-api.ts';

export interface RegisteredFunction {
  readonly metadata: FunctionMetadata;
  readonly callback: FunctionCallback;
}

/** What one load of an app registered. It is closed once the app is loaded: later registrations are refused, as in Azure. */
export class FunctionApp {
  readonly hooks = new AppHooks();
  readonly appHookData: Record<string, unknown> = {};
  readonly functions = new Map<string, RegisteredFunction>();
  model: ProgrammingModel | undefined;
  #isClosed = false;
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  register(metadata: FunctionMetadata, callback: FunctionCallback): () => void {
    const { name } = metadata;
    if (this.#isClosed) {
      throw new Error(
        `Function "${name}" was registered late: a function can only be registered during app startup.`,
      );
    }
    const key = name.toLowerCase();
    if (this.functions.has(key)) {
      throw new Error(`Function "${name}" is registered twice; names are compared without case.`);
    }
    this.functions.set(key, { metadata, callback });
    return () => {
      this.functions.delete(key);
    };
  }

  closeRegistration(): void {
    this.#isClosed = true;
  }

  /** A line from the app or the library, through the app's own log hooks. */
  writeLog(level: LogLevel, category: LogCategory, message: string, invocation?: LogSource): void {
    const context = { hookData: {}, level, category, message, invocationContext: invocation?.context };
    if (this.hooks.has('log')) this.hooks.runLog(context);
    const fields =
      invocation === undefined
        ? { category }
        : { category, functionName: invocation.functionName, invocationId: invocation.invocationId };
    this.#log(context.level, context.message, fields);
  }
}

export interface LogSource {
  functionName: string;
  invocationId: string;
  context: unknown;
}
