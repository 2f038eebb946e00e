import {
  type AzureMonitorExporterOptions,
  AzureMonitorLogExporter,
  AzureMonitorMetricExporter,
  AzureMonitorTraceExporter,
} from '@azure/monitor-opentelemetry-exporter';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { Ingestion } from '../telemetryOfProcess.ts';
import { cleanEnvelopes } from './cleanEnvelopes.ts';
import type { Export } from './courier.ts';
import { type Missing, type Policy, sendUntilTaken } from './takenInPart.ts';

export interface Exporters {
  readonly spans: Export<ReadableSpan>;
  readonly records: Export<ReadableLogRecord>;
  readonly metrics: AzureMonitorMetricExporter;
}

export interface ExporterParts {
  readonly connectionString: string;
  readonly secrets: readonly string[];
  /** For one delivery with all its attempts; a slow endpoint is left to itself after this. */
  readonly deliveryMs: number;
  readonly ingestion?: Ingestion;
  /** Hears of measurements that were sent and not taken: no courier counts them. */
  readonly measurementsMissing: (missing: readonly Missing[]) => void;
}

/** What turns telemetry into envelopes and sends them. They keep nothing on disk: what cannot be delivered is counted and forgotten. */
export function openExporters(parts: ExporterParts): Exporters {
  // Unless its environment says not to, the library tells Microsoft how it is used, and each delivery of what it runs on.
  process.env['APPLICATION_INSIGHTS_NO_STATSBEAT'] = 'true';
  process.env['APPLICATIONINSIGHTS_OPENTELEMETRY_RESOURCE_METRIC_DISABLED'] = 'true';
  const [spans, records, metrics] = [
    openWire(parts),
    openWire(parts),
    openWire(parts, parts.measurementsMissing),
  ];
  const spanExporter = new AzureMonitorTraceExporter(spans.options);
  const recordExporter = new AzureMonitorLogExporter(records.options);
  return {
    spans: (items, done) => spanExporter.export(items, spans.heard(done)),
    records: (items, done) => recordExporter.export(items, records.heard(done)),
    metrics: new AzureMonitorMetricExporter(metrics.options),
  };
}

type Done = Parameters<Export<unknown>>[1];

/** The way of one exporter to the endpoint. Nothing leaves that was not cleaned, and a delivery ends in time. */
function openWire(
  { connectionString, secrets, deliveryMs, ingestion }: ExporterParts,
  tellMissing: (missing: readonly Missing[]) => void = () => undefined,
) {
  let outcome: Outcome | undefined;
  const policy: Policy = {
    name: 'cleanEnvelopes',
    sendRequest: async (request, next) => {
      outcome = { failure: new Error('it was not answered') };
      request.body = cleanEnvelopes(request.body, secrets);
      request.abortSignal = AbortSignal.timeout(deliveryMs);
      const { response, missing } = await sendUntilTaken(request, next);
      const { status } = response;
      if (missing.length > 0) tellMissing(missing);
      const wasTaken = status < 300 || missing.length > 0;
      outcome = wasTaken ? { missing } : { failure: new Error(`it was answered ${String(status)}`) };
      return response;
    },
  };
  const options: AzureMonitorExporterOptions = {
    connectionString,
    disableOfflineStorage: true,
    retryOptions: { maxRetries: 2, retryDelayInMs: 500, maxRetryDelayInMs: 4000 },
    additionalPolicies: [{ policy, position: 'perCall' }],
    ...ingestion,
  };
  /** The exporter calls a delivery done that it would have put on disk: what was answered is what counts. */
  const heard =
    (done: Done): Done =>
    (result) => {
      const { failure, missing = [] } = outcome ?? {};
      if (failure !== undefined) done({ code: 1, error: failure });
      else done(missing.length > 0 ? { code: 0, missing } : result);
      outcome = undefined;
    };
  return { options, heard };
}

interface Outcome {
  readonly failure?: Error;
  readonly missing?: readonly Missing[];
}
