import { z } from 'zod';

const timeSpan = z.string().transform((text, context) => {
  const spanMs = parseTimeSpanMs(text);
  if (spanMs !== undefined) return spanMs;
  context.addIssue({ code: 'custom', message: `'${text}' is no time span; wanted is [d.]hh:mm:ss.` });
  return z.NEVER;
});

const queues = z.looseObject({
  batchSize: z.int().min(1).max(32).default(16),
  newBatchThreshold: z.int().min(0).optional(),
  maxPollingInterval: timeSpan.default(60_000),
  visibilityTimeout: timeSpan.default(0),
  maxDequeueCount: z.int().min(1).default(5),
  messageEncoding: z.enum(['base64', 'none']).default('base64'),
});

const hostJson = z.looseObject({
  version: z.literal('2.0'),
  functionTimeout: z.union([z.literal('-1').transform(() => Infinity), timeSpan]).default(1_800_000),
  extensions: z
    .looseObject({
      http: z.looseObject({ routePrefix: z.string().default('api') }).prefault({}),
      queues: queues.prefault({}),
    })
    .prefault({}),
});

/** What this host honours of host.json; all times in milliseconds. */
export interface HostSettings {
  readonly routePrefix: string;
  readonly functionTimeoutMs: number;
  readonly queues: QueueSettings;
}

export interface QueueSettings {
  /** Messages taken at once, 1–32. */
  readonly batchSize: number;
  /** The next batch is taken when no more messages than this are running. */
  readonly newBatchThreshold: number;
  readonly maxPollingIntervalMs: number;
  /** How long a message rests between two attempts. */
  readonly retryDelayMs: number;
  readonly maxDequeueCount: number;
  readonly messageEncoding: 'base64' | 'none';
}

/** Reads the content of a host.json (parsed). Azure's defaults fill what is missing; wrong values are errors that name the field. */
export function readHostJson(content: unknown): HostSettings {
  const parsed = hostJson.safeParse(content);
  if (!parsed.success) {
    throw new Error(`host.json cannot be used: ${z.prettifyError(parsed.error)}`, { cause: parsed.error });
  }
  const { functionTimeout, extensions } = parsed.data;
  const { visibilityTimeout, maxPollingInterval, newBatchThreshold, ...rest } = extensions.queues;
  return {
    routePrefix: extensions.http.routePrefix,
    functionTimeoutMs: functionTimeout,
    queues: {
      batchSize: rest.batchSize,
      newBatchThreshold: newBatchThreshold ?? Math.floor(rest.batchSize / 2),
      maxPollingIntervalMs: maxPollingInterval,
      retryDelayMs: visibilityTimeout,
      maxDequeueCount: rest.maxDequeueCount,
      messageEncoding: rest.messageEncoding,
    },
  };
}

/** Milliseconds of a .NET time span `[d.]hh:mm:ss`, or undefined if the text is none. */
function parseTimeSpanMs(text: string): number | undefined {
  const parts = /^(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2})$/.exec(text);
  if (parts === null) return undefined;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts
    .slice(1)
    .map((part: string | undefined) => Number(part ?? 0));
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}
