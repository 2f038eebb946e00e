import { setTimeout as pause } from 'node:timers/promises';
import type { AzureMonitorExporterOptions } from '@azure/monitor-opentelemetry-exporter';

export type Policy = NonNullable<AzureMonitorExporterOptions['additionalPolicies']>[number]['policy'];
type Request = Parameters<Policy['sendRequest']>[0];
type Next = Parameters<Policy['sendRequest']>[1];
type Response = Awaited<ReturnType<Next>>;

/** Telemetry that was sent and not taken: `undelivered` might be at another time, `refused` never. */
export interface Missing {
  readonly kind: string;
  readonly reason: 'undelivered' | 'refused';
  readonly count: number;
  /** Of the first of them, in the words of Application Insights. */
  readonly why: string;
}

interface Envelope {
  readonly data?: { readonly baseType?: string };
}

/** An envelope that was not taken, as long as it is not known to be lost. */
interface Left {
  readonly envelope: Envelope;
  readonly reason: Missing['reason'];
  readonly why: string;
}

/** What is said of one envelope, by its place in the request. */
interface Verdict {
  readonly index: number;
  readonly statusCode: number;
  readonly message?: string;
}

/** As often as a delivery is tried that was refused as a whole. */
const MOST_ATTEMPTS = 3;
const FIRST_PAUSE_MS = 250;

/** What was met with one of these is sent again. 439, the quota of a day, ends with the day and not while somebody waits. */
const passing: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

const kinds: Readonly<Record<string, string>> = {
  RequestData: 'requests',
  RemoteDependencyData: 'dependencies',
  EventData: 'events',
  MessageData: 'traces',
  ExceptionData: 'traces',
  MetricData: 'metrics',
};

/**
 * Sends envelopes, a body of JSON, and once more those that Application Insights could not take at that moment: it answers 206 when it
 * took a part, and says of each other by itself why not (400: it took none). What was taken is never sent twice; the request's
 * `abortSignal` ends it all. Throws, or gives an answer with nothing `missing`, when it was refused as a whole: that was tried again already.
 */
export async function sendUntilTaken(
  request: Request,
  next: Next,
): Promise<{ readonly response: Response; readonly missing: readonly Missing[] }> {
  let sent = JSON.parse(request.body as string) as readonly Envelope[];
  let response = await next(request);
  const lost: Left[] = [];
  for (let attempt = 1; ; attempt += 1) {
    const left = leftOf(sent, response);
    lost.push(...left.filter(({ reason }) => reason === 'refused'));
    const again = left.filter(({ reason }) => reason === 'undelivered');
    if (again.length === 0) break;
    sent = again.map(({ envelope }) => envelope);
    const answered =
      attempt < MOST_ATTEMPTS ? await sendAgain(request, next, sent, waitOf(response, attempt)) : undefined;
    if (answered === undefined) {
      lost.push(...again);
      break;
    }
    response = answered;
  }
  return { response, missing: counted(lost) };
}

/** Undefined: it came to nothing, or was refused as a whole. */
async function sendAgain(
  request: Request,
  next: Next,
  envelopes: readonly Envelope[],
  waitMs: number,
): Promise<Response | undefined> {
  try {
    await pause(
      waitMs,
      undefined,
      request.abortSignal === undefined ? {} : { signal: request.abortSignal as AbortSignal },
    );
    request.body = JSON.stringify(envelopes);
    request.headers.delete('content-length'); // of the first body, which was longer
    const response = await next(request);
    return response.status === 200 || verdictsOf(response) !== undefined ? response : undefined;
  } catch {
    return undefined; // of what it is about the first answer says more
  }
}

function waitOf({ headers }: Response, attempt: number): number {
  const seconds = Number(headers.get('retry-after'));
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : FIRST_PAUSE_MS * 2 ** (attempt - 1);
}

function leftOf(sent: readonly Envelope[], response: Response): readonly Left[] {
  return (verdictsOf(response) ?? []).flatMap(
    ({ index, statusCode, message = 'for no reason that was given' }) => {
      const envelope = sent[index];
      if (envelope === undefined || statusCode === 200) return [];
      const reason = passing.has(statusCode) ? 'undelivered' : 'refused';
      return [{ envelope, reason, why: `${String(statusCode)}: ${message}` }];
    },
  );
}

/** Undefined: nothing was said of single envelopes. */
function verdictsOf({ status, bodyAsText }: Response): readonly Verdict[] | undefined {
  if (status !== 206 && status !== 400) return undefined;
  try {
    const { errors } = JSON.parse(bodyAsText ?? '') as { readonly errors?: readonly Verdict[] };
    return Array.isArray(errors) && errors.length > 0 ? errors : undefined;
  } catch {
    return undefined;
  }
}

function counted(lost: readonly Left[]): readonly Missing[] {
  const all = new Map<string, Missing>();
  for (const { envelope, reason, why } of lost) {
    const kind = kinds[envelope.data?.baseType ?? ''] ?? 'others';
    const present = all.get(`${kind} ${reason}`) ?? { kind, reason, count: 0, why };
    all.set(`${kind} ${reason}`, { ...present, count: present.count + 1 });
  }
  return [...all.values()];
}
