import { context, metrics, trace } from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { LoggerProvider, type ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { AlwaysOnSampler, BasicTracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { Logger } from '../../logging.ts';
import { platformVersion } from '../../version.ts';
import { countLeftOut, countSent } from '../measurements.ts';
import type { Ingestion, TelemetrySettings } from '../telemetryOfProcess.ts';
import { asyncContext } from './asyncContext.ts';
import { STANDS_FOR } from './cleanEnvelopes.ts';
import { Courier } from './courier.ts';
import { type Exporters, openExporters } from './exporters.ts';
import { watchOutgoingRequests } from './outgoingRequests.ts';
import { recordsFor } from './records.ts';
import { secretValues } from './secretValues.ts';
import { spansFor } from './spans.ts';
import type { Bounds, Kept } from './window.ts';

/** Telemetry that is being sent. */
export interface Sending {
  /** Delivers all that is there now. Never rejects. */
  flush(): Promise<void>;
  /** Delivers what is left, for `CLOSING_MS` at most, and ends. Never rejects. */
  close(): Promise<void>;
}

export interface SetUpParts {
  readonly settings: TelemetrySettings;
  /** Whose secrets must not leave. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
  readonly ingestion?: Ingestion;
  /** `DELIVERY_MS` unless said otherwise. */
  readonly deliveryMs?: number;
}

/** Telemetry is delivered in stretches of this; a minute has four, so that each has a quarter of its budget. */
const WINDOW_MS = 15_000;
const WINDOWS_PER_MINUTE = 60_000 / WINDOW_MS;
const METRICS_MS = 60_000;
/** What an endpoint that is slow or asks for patience may take of one delivery. */
const DELIVERY_MS = 20_000;
/** Of one metric. */
const MOST_SERIES = 200;
/** A host that stops is not held up longer. */
const CLOSING_MS = 5_000;

/**
 * The one place that knows what telemetry is sent by: everything else speaks the API of OpenTelemetry, which does nothing until this has
 * run. For one at a time in a process.
 */
export function setUp(parts: SetUpParts): Sending {
  const { settings, environment, ingestion, deliveryMs = DELIVERY_MS } = parts;
  const exporters = openExporters({
    connectionString: settings.APPLICATIONINSIGHTS_CONNECTION_STRING ?? '',
    secrets: secretValues(environment),
    deliveryMs,
    measurementsMissing: (missing) => {
      for (const { kind, reason, count } of missing) countLeftOut(kind, reason, count);
    },
    ...(ingestion && { ingestion }),
  });
  const couriers = couriersOf(parts, exporters, deliveryMs);
  const resource = resourceFromAttributes({
    'service.name': settings.TELEMETRY_ROLE,
    'service.version': platformVersion,
  });
  const tracers = new BasicTracerProvider({
    resource,
    sampler: new AlwaysOnSampler(), // what is too much is decided by the window, which knows how it ended
    spanProcessors: [spansFor(couriers.spans)],
  });
  const loggers = new LoggerProvider({ resource, processors: [recordsFor(couriers.records)] });
  const meters = new MeterProvider({ resource, readers: [readerOf(exporters, deliveryMs)] });
  context.setGlobalContextManager(asyncContext().enable());
  trace.setGlobalTracerProvider(tracers);
  logs.setGlobalLoggerProvider(loggers);
  metrics.setGlobalMeterProvider(meters);
  const unwatch = watchOutgoingRequests();
  const timer = everyWindow(couriers);
  const flush = async (): Promise<void> => {
    await Promise.all([couriers.spans.flush(), couriers.records.flush()]);
    // Last, since it tells what became of the others. Its failure is told by the next that succeeds.
    await meters.forceFlush().catch(() => undefined);
  };
  return {
    flush,
    close: async () => {
      clearInterval(timer);
      unwatch();
      await Promise.race([flush(), passed(CLOSING_MS)]);
      for (const api of [trace, context, logs, metrics]) api.disable();
      await Promise.race([
        Promise.allSettled([tracers, loggers, meters].map((one) => one.shutdown())),
        passed(CLOSING_MS),
      ]);
    },
  };
}

interface Couriers {
  readonly spans: Courier<'requests' | 'dependencies', ReadableSpan>;
  readonly records: Courier<'events' | 'traces', ReadableLogRecord>;
}

function couriersOf({ settings, log }: SetUpParts, exporters: Exporters, deliveryMs: number): Couriers {
  const share = (perMinute: number): number => Math.floor(perMinute / WINDOWS_PER_MINUTE);
  const bounds = (ordinary: number): Bounds => ({
    ordinary: share(ordinary),
    errors: share(settings.TELEMETRY_ERRORS_PER_MINUTE),
  });
  const shared = { tally: { sent: countSent, leftOut: countLeftOut }, log, timeoutMs: deliveryMs + 1000 };
  return {
    spans: new Courier({
      ...shared,
      bounds: {
        requests: bounds(settings.TELEMETRY_REQUESTS_PER_MINUTE),
        dependencies: bounds(settings.TELEMETRY_DEPENDENCIES_PER_MINUTE),
      },
      mark,
      send: exporters.spans,
    }),
    records: new Courier({
      ...shared,
      bounds: {
        events: bounds(settings.TELEMETRY_EVENTS_PER_MINUTE),
        traces: bounds(settings.TELEMETRY_TRACES_PER_MINUTE),
      },
      mark,
      send: exporters.records,
    }),
  };
}

/** The attributes of what has ended are no longer anybody else's. */
function mark<T extends { readonly attributes: object }>({ item, standsFor }: Kept<T>): T {
  if (standsFor > 1) Object.assign(item.attributes, { [STANDS_FOR]: standsFor });
  return item;
}

function readerOf({ metrics: exporter }: Exporters, deliveryMs: number): PeriodicExportingMetricReader {
  return new PeriodicExportingMetricReader({
    exporter,
    exportIntervalMillis: METRICS_MS,
    exportTimeoutMillis: deliveryMs,
    cardinalityLimits: { default: MOST_SERIES },
  });
}

function everyWindow(couriers: Couriers): NodeJS.Timeout {
  return setInterval(() => {
    couriers.spans.next();
    couriers.records.next();
  }, WINDOW_MS).unref();
}

function passed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
