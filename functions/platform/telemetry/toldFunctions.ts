import type { HttpHandler, InvocationContext } from '@azure/functions';
import { parseTraceParent, TRACE_PARENT_HEADER } from '../../../shared/domain/traceParent.ts';
import { asRequest, settle } from './asRequest.ts';
import type { TelemetryOfProcess } from './telemetryOfProcess.ts';

/** An HTTP function that is told as a request of its own name, in the operation that its caller named. */
export function toldHttp(name: string, telemetry: TelemetryOfProcess, handler: HttpHandler): HttpHandler {
  return async (request, invocation) => {
    await telemetry.begun();
    const asked = {
      name,
      trigger: 'http' as const,
      parent: parseTraceParent(request.headers.get(TRACE_PARENT_HEADER)) ?? parentOfHost(invocation),
      attributes: { ...addressOf(request.method, request.url), invocationId: invocation.invocationId },
    };
    return asRequest(asked, async (span) => {
      const answer = await handler(request, invocation);
      const status = (answer as { readonly status?: number } | undefined)?.status ?? 200;
      settle(span, status < 500, { 'http.response.status_code': status });
      return answer;
    });
  };
}

/** A function of a timer or a queue, told as a request; `work` says how it ended. */
export function toldWork<Input>(
  asked: { readonly name: string; readonly trigger: 'timer' | 'queue' },
  telemetry: TelemetryOfProcess,
  work: (input: Input) => Promise<Ended>,
  parentOf: (input: Input) => ReturnType<typeof parseTraceParent> = () => undefined,
): (input: Input, invocation: InvocationContext) => Promise<void> {
  return async (input, { invocationId }) => {
    await telemetry.begun();
    const attributes = { invocationId };
    await asRequest({ ...asked, parent: parentOf(input), attributes }, async (span) => {
      const { outcome, succeeded } = await work(input);
      settle(span, succeeded, { outcome });
    });
  };
}

export interface Ended {
  readonly outcome: string;
  readonly succeeded: boolean;
}

function parentOfHost(invocation: InvocationContext): ReturnType<typeof parseTraceParent> {
  return parseTraceParent(invocation.traceContext?.traceParent);
}

/** Its parts and not its whole: the name of a request is then the function's. What stands in a query is nobody's business. */
function addressOf(method: string, url: string): Record<string, string> {
  const { protocol, host, pathname } = new URL(url);
  return {
    'http.request.method': method,
    'url.scheme': protocol.slice(0, -1),
    'server.address': host,
    'url.path': pathname,
  };
}
