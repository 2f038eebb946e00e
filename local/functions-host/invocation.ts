import type { LogLevel } from '../log.ts';
import { asError } from './as-error.ts';
import type {
  CoreInvocationContext,
  FunctionCallback,
  HookContext,
  InvocationModel,
  InvocationRequest,
  InvocationResponse,
  LogCategory,
  ProgrammingModel,
} from './core-api.ts';
import type { FunctionApp, LogSource, RegisteredFunction } from './function-app.ts';

export interface Outcome {
  /** What the handler returned, after the post-invocation hooks. */
  readonly result: unknown;
  /** The library's translation of a result; `withResult` may be given a changed one. */
  respond(withResult: unknown): Promise<InvocationResponse>;
}

/**
 * Runs one invocation the way the worker does: arguments from the library's model, pre-invocation hooks (which may
 * replace inputs and handler), the handler, post-invocation hooks (which may replace result and error).
 * Rejects with what the handler threw, unless a hook took the error away.
 */
export async function invoke(
  app: FunctionApp,
  model: ProgrammingModel,
  fn: RegisteredFunction,
  request: InvocationRequest,
): Promise<Outcome> {
  const core = new CoreContext(app, fn, request);
  const created = model.getInvocationModel(core);
  const invocation = created instanceof Promise ? await created : created;
  const { context, inputs } = await invocation.getArguments();
  core.context = context;
  const hookData = {};
  const call = await beforeInvocation(app, core, { context, inputs, callback: fn.callback, hookData });
  core.state = 'invocation';
  const done = await settle(invocation, context, call);
  core.state = 'postInvocationHooks';
  const result = await afterInvocation(app, { ...done, inputs: call.inputs, context, hookData });
  core.state = undefined;
  return { result, respond: (withResult) => invocation.getResponse(context, withResult) };
}

interface Call {
  inputs: unknown[];
  callback: FunctionCallback;
}

async function beforeInvocation(
  app: FunctionApp,
  core: CoreContext,
  call: Call & { context: unknown; hookData: object },
): Promise<Call> {
  if (!app.hooks.has('preInvocation')) return call;
  core.state = 'preInvocationHooks';
  const { hookData, context: invocationContext, inputs, callback } = call;
  const hookContext = {
    hookData,
    appHookData: app.appHookData,
    invocationContext,
    inputs,
    functionCallback: callback,
  };
  await app.hooks.run('preInvocation', hookContext);
  return { inputs: hookContext.inputs, callback: hookContext.functionCallback };
}

async function settle(
  invocation: InvocationModel,
  context: unknown,
  call: Call,
): Promise<{ result: unknown; error: unknown }> {
  try {
    return { result: await invocation.invokeFunction(context, call.inputs, call.callback), error: undefined };
  } catch (error) {
    return { result: undefined, error: asError(error) };
  }
}

async function afterInvocation(
  app: FunctionApp,
  done: { result: unknown; error: unknown; inputs: unknown[]; context: unknown; hookData: object },
): Promise<unknown> {
  if (!app.hooks.has('postInvocation')) {
    if (done.error !== undefined) throw asError(done.error);
    return done.result;
  }
  const { context: invocationContext, ...rest } = done;
  const hookContext: HookContext = { ...rest, appHookData: app.appHookData, invocationContext };
  await app.hooks.run('postInvocation', hookContext);
  const error = hookContext['error'];
  if (error !== undefined && error !== null) throw asError(error);
  return hookContext['result'];
}

class CoreContext implements CoreInvocationContext, LogSource {
  readonly invocationId: string;
  readonly metadata: RegisteredFunction['metadata'];
  readonly request: InvocationRequest;
  state: CoreInvocationContext['state'];
  context: unknown;
  readonly #app: FunctionApp;

  constructor(app: FunctionApp, fn: RegisteredFunction, request: InvocationRequest) {
    this.#app = app;
    this.metadata = fn.metadata;
    this.request = request;
    this.invocationId = request.invocationId;
    this.state = undefined;
  }

  get functionName(): string {
    return this.metadata.name;
  }

  log(level: LogLevel, category: LogCategory, message: string): void {
    this.#app.writeLog(level, category, message, this);
  }
}
