import { channel } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { SCOPE } from '../asRequest.ts';

/** Names of the parts of a query that say what is asked of Azure Storage; nothing else of a query is told. */
const toldOfQuery = ['restype', 'comp'];

const storageHost = /^[a-z0-9-]+\.(blob|file|queue|table)\.core\.windows\.net$/;

/**
 * Tells of every HTTP request that Node sends within a request of ours, whichever library sends it, as a dependency: method, host and path,
 * never a query with its signature. Ends with what it returns. Requests outside of operations, as those that carry telemetry away, are not told.
 */
export function watchOutgoingRequests(): () => void {
  const spans = new WeakMap<ClientRequest, Span>();
  const end = (request: ClientRequest, succeeded: boolean, status?: number): void => {
    const span = spans.get(request);
    if (span === undefined) return;
    spans.delete(request);
    if (status !== undefined) span.setAttribute('http.response.status_code', status);
    if (!succeeded) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
  };
  return subscribed({
    'http.client.request.created': ({ request }) => {
      if (trace.getActiveSpan() !== undefined) spans.set(request, begun(request));
    },
    'http.client.response.finish': ({ request, response }) => {
      const status = response?.statusCode ?? 0;
      end(request, status < 400, status);
    },
    'http.client.request.error': ({ request }) => end(request, false),
  });
}

interface Told {
  readonly request: ClientRequest;
  readonly response?: IncomingMessage;
}

function subscribed(listeners: Readonly<Record<string, (told: Told) => void>>): () => void {
  const entries = Object.entries(listeners).map(([name, listener]) => {
    const subscriber = (message: unknown): void => listener(message as Told);
    channel(name).subscribe(subscriber);
    return { name, subscriber };
  });
  return () => {
    for (const { name, subscriber } of entries) channel(name).unsubscribe(subscriber);
  };
}

function begun(request: ClientRequest): Span {
  const { method, protocol, host, path } = request;
  const [pathname = '/', query = ''] = path.split('?', 2);
  const asked = [...new URLSearchParams(query)].filter(([name]) => toldOfQuery.includes(name));
  const suffix = asked.length === 0 ? '' : `?${new URLSearchParams(asked).toString()}`;
  return trace.getTracer(SCOPE).startSpan(`${method} ${host}`, {
    kind: SpanKind.CLIENT,
    attributes: {
      'http.request.method': method,
      'url.scheme': protocol.slice(0, -1),
      'server.address': host,
      'url.path': pathname + suffix,
      service: storageHost.exec(host)?.[1] ?? 'http',
    },
  });
}
