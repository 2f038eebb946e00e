import { createServer } from 'node:http';
import { registerHooks } from 'node:module';
import { announce, asError, readBody } from './serving.ts';

/**
 * The least that can host `@azure/functions`: one route, no patterns, no limits, no hooks. What the library itself
 * costs is in both hosts; what ours adds is the difference.
 */
interface Model {
  getInvocationModel(context: unknown): Promise<Invocation> | Invocation;
}
interface Invocation {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], handler: unknown): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<{ returnValue?: { http?: Answer } }>;
}
interface Answer {
  readonly statusCode?: string;
  readonly headers?: Record<string, string>;
  readonly body?: { readonly bytes?: Uint8Array; readonly string?: string };
}

interface Metadata {
  readonly bindings: Readonly<Record<string, unknown>>;
}

const found: { model?: Model; metadata?: Metadata; handler?: unknown } = {};
const core = {
  version: '3.0.0',
  Disposable: Object,
  setProgrammingModel: (model: Model) => {
    found.model = model;
  },
  registerFunction: (metadata: Metadata, handler: unknown) => {
    found.metadata = metadata;
    found.handler = handler;
  },
  registerHook: () => undefined,
  log: () => undefined,
};
(globalThis as Record<string, unknown>)['benchFunctionsCore'] = core;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === '@azure/functions-core'
      ? { url: 'bench:core', format: 'commonjs', shortCircuit: true }
      : next(specifier, context),
  load: (url, context, next) =>
    url === 'bench:core'
      ? { format: 'commonjs', source: 'module.exports = globalThis.benchFunctionsCore', shortCircuit: true }
      : next(url, context),
});
await import('./function.ts');
const triggerName = Object.keys(found.metadata?.bindings ?? {}).find((name) => name !== '$return');

const server = createServer((request, response) => {
  const serve = async (): Promise<void> => {
    const url = `http://127.0.0.1${request.url ?? ''}`;
    const text = await readBody(request);
    const http = {
      method: request.method,
      url,
      headers: request.headers,
      query: {},
      params: { name: url.slice(url.lastIndexOf('/') + 1) },
      body: { bytes: Buffer.from(text) },
    };
    const invocationId = crypto.randomUUID();
    const invocation = await found.model?.getInvocationModel({
      invocationId,
      metadata: found.metadata,
      log: () => undefined,
      request: { invocationId, inputData: [{ name: triggerName, data: { http } }], triggerMetadata: {} },
    });
    if (invocation === undefined) throw new Error('the library set no programming model');
    const { context, inputs } = await invocation.getArguments();
    const result = await invocation.invokeFunction(context, inputs, found.handler);
    const answer = (await invocation.getResponse(context, result)).returnValue?.http;
    response.writeHead(Number(answer?.statusCode ?? 500), answer?.headers);
    response.end(answer?.body?.bytes ?? answer?.body?.string);
  };
  serve().catch((error: unknown) => response.destroy(asError(error)));
});
announce(server);
