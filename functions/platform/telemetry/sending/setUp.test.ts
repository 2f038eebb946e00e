import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  CONNECTION_STRING,
  type Envelope,
  type IngestionServer,
  startIngestion,
} from '../../../../test/support/ingestion.ts';
import { createLogger } from '../../logging/jsonLogger.ts';
import { asRequest, settle } from '../asRequest.ts';
import { tellEvent, toldOnceDone } from '../customEvents.ts';
import { tellLine } from '../logLines.ts';
import { countLeftOut } from '../measurements.ts';
import { noTelemetry, telemetryOfProcess, type TelemetryOfProcess } from '../telemetryOfProcess.ts';
import { type Sending, setUp } from './setUp.ts';

const lines: string[] = [];
const log = createLogger({ level: 'info', write: (line) => void lines.push(line), now: () => new Date() });

const AUTH_SECRET = 'b2YtYS10ZXN0LW9mLWEtdGVzdC1vZi1hLXRlc3Qtb2Y';

let ingested: IngestionServer;
let sending: Sending;

beforeEach(async () => {
  lines.length = 0;
  ingested = await startIngestion();
  sending = setUp({
    settings: {
      APPLICATIONINSIGHTS_CONNECTION_STRING: CONNECTION_STRING,
      TELEMETRY_ROLE: 'datasync',
      TELEMETRY_REQUESTS_PER_MINUTE: 40,
      TELEMETRY_DEPENDENCIES_PER_MINUTE: 40,
      TELEMETRY_TRACES_PER_MINUTE: 40,
      TELEMETRY_EVENTS_PER_MINUTE: 40,
      TELEMETRY_ERRORS_PER_MINUTE: 400,
    },
    environment: { AUTH_SECRET },
    log,
    ingestion: ingested.ingestion,
    deliveryMs: 1500,
  });
});
afterEach(async () => {
  ingested.answer = { status: 200 };
  await sending.close();
  await ingested.close();
});

const call = (status: number) =>
  asRequest({ name: 'fleet', trigger: 'http' }, async (span) => {
    settle(span, status < 500, { 'http.response.status_code': status });
    return status;
  });
const requests = () => ingested.envelopes.filter(({ data }) => data.baseType === 'RequestData');
const metricOf = (name: string) =>
  ingested.envelopes.flatMap(({ data: { baseData } }) =>
    (baseData.metrics ?? [])
      .filter((metric) => metric.name === name)
      .map(({ value }) => ({ value, ...baseData.properties })),
  );

describe('setUp', () => {
  it('D5 keeps its budget whatever comes, loses no error, and tells what it left out', async () => {
    for (let n = 0; n < 5000; n += 1) await call(200);
    for (let n = 0; n < 50; n += 1) await call(500);
    for (let n = 0; n < 500; n += 1) tellLine({ level: 'info', message: 'said', facts: {} });
    await sending.flush();
    const failed = requests().filter(({ data }) => data.baseData['success'] === false);
    expect(failed).toHaveLength(50);
    expect(failed.every(({ sampleRate }) => sampleRate === 100)).toBe(true);
    const succeeded = requests().filter(({ data }) => data.baseData['success'] === true);
    expect(succeeded).toHaveLength(10);
    // From which Application Insights reckons itemCount: ten that stand for five thousand.
    expect(new Set(succeeded.map(({ sampleRate }) => sampleRate))).toEqual(new Set([0.2]));
    expect(metricOf('telemetry_left_out')).toEqual([
      { value: 4990, kind: 'requests', reason: 'budget' },
      { value: 490, kind: 'traces', reason: 'budget' },
    ]);
  });

  it.each<[string, IngestionServer['answer']]>([
    ['answers 429', { status: 429 }],
    ['answers 429 and asks for patience', { status: 429, retryAfter: '30' }],
    ['answers 500', { status: 500 }],
    ['is silent', 'silent'],
  ])(
    'D5 an endpoint that %s breaks no request, and what it did not take is told when it does',
    async (_, answer) => {
      ingested.answer = answer;
      expect(await call(200)).toBe(200);
      const delivery = sending.flush();
      for (let n = 0; n < 100; n += 1) expect(await call(200)).toBe(200); // while the delivery hangs
      await delivery;
      expect(requests()).toEqual([]);
      expect(lines.filter((line) => line.includes('telemetry was not delivered'))).toHaveLength(1);
      ingested.answer = { status: 200 };
      await call(200);
      await sending.flush();
      expect(requests().length).toBeGreaterThan(0);
      const undelivered = metricOf('telemetry_left_out').filter(
        (left) => 'reason' in left && left.reason === 'undelivered',
      );
      expect(undelivered.length).toBeGreaterThan(0);
    },
  );

  const isFailed = ({ data }: Envelope): boolean => data.baseData['success'] === false;
  const leftOut = (reason: string) =>
    metricOf('telemetry_left_out').filter((left) => 'reason' in left && left.reason === reason);

  it.each([408, 429, 500, 503])(
    'D5 of an answer that takes a part, what was refused with %i is sent again, and nothing else is',
    async (statusCode) => {
      let refusals = 0;
      ingested.answer = {
        status: 200,
        refuses: (envelope) => (isFailed(envelope) && (refusals += 1) === 1 ? statusCode : undefined),
      };
      await call(200);
      await call(500);
      await sending.flush();
      expect(requests().map(isFailed)).toEqual([false, true]);
      expect(leftOut('undelivered')).toEqual([]);
      expect(lines).toEqual([]);
    },
  );

  it('D5 what ingestion refuses for good is not sent again, does not count as sent, and is told with its reason', async () => {
    ingested.answer = { status: 200, refuses: (envelope) => (isFailed(envelope) ? 400 : undefined) };
    await call(200);
    await call(500);
    await sending.flush();
    const deliveries = ingested.requests.filter(({ body }) => body.includes('RequestData'));
    expect(deliveries).toHaveLength(1);
    expect(metricOf('telemetry_sent')).toMatchObject([{ value: 1, kind: 'requests' }]);
    expect(leftOut('refused')).toEqual([{ value: 1, kind: 'requests', reason: 'refused' }]);
    expect(lines.join()).toContain('400: refused with 400');
  });

  it('D5 what ingestion cannot take in three attempts, or in the time of a delivery, is told as undelivered', async () => {
    ingested.answer = { status: 200, refuses: (envelope) => (isFailed(envelope) ? 503 : undefined) };
    await call(200);
    await call(500);
    await sending.flush();
    const deliveries = ingested.requests.filter(({ body }) => body.includes('RequestData'));
    expect([2, 3]).toContain(deliveries.length); // a slow machine has time for two
    expect(leftOut('undelivered')).toEqual([{ value: 1, kind: 'requests', reason: 'undelivered' }]);
    ingested.answer = { ...ingested.answer, retryAfter: '3600' };
    await call(500);
    await sending.flush();
    expect(leftOut('undelivered')).toHaveLength(2);
  });

  it('D5 measurements that were not taken are told too', async () => {
    countLeftOut('traces', 'budget', 1);
    ingested.answer = { status: 200, refuses: () => 400 };
    await sending.flush();
    ingested.answer = { status: 200 };
    await sending.flush();
    expect(leftOut('refused')).toEqual([{ value: 1, kind: 'metrics', reason: 'refused' }]);
  });

  it('D5 an endpoint that is gone breaks nothing', async () => {
    await ingested.close();
    expect(await call(200)).toBe(200);
    await sending.flush();
    expect(lines.join()).toContain('telemetry was not delivered');
    ingested = await startIngestion();
  });

  it('D5 a function that throws is a failed request and an exception, and still throws', async () => {
    const broken = asRequest({ name: 'queue-slices', trigger: 'queue' }, async () => {
      await Promise.resolve();
      throw new TypeError('the message has no run');
    });
    await expect(broken).rejects.toThrow('the message has no run');
    await sending.flush();
    expect(requests().map(({ data }) => data.baseData)).toMatchObject([
      { name: 'queue-slices', success: false },
    ]);
    const [exception] = ingested.envelopes.filter(({ data }) => data.baseType === 'ExceptionData');
    expect(exception?.data.baseData['exceptions']).toMatchObject([{ typeName: 'TypeError' }]);
  });

  it('A3 D5 a secret that somebody else put into an error, an attribute or a name does not leave', async () => {
    const asked = {
      name: `of ${AUTH_SECRET}`,
      trigger: 'timer' as const,
      attributes: { password: 'zzz-zzz' },
    };
    const broken = asRequest(asked, async () => {
      await Promise.resolve();
      throw new Error('GET https://a.file.core.windows.net/s?sv=1&sig=c2lnbmF0dXJl was refused');
    });
    await expect(broken).rejects.toThrow('refused');
    await sending.flush();
    const sent = ingested.requests.map(({ body }) => body).join();
    expect(sent).toContain('was refused');
    for (const secret of [AUTH_SECRET, 'zzz-zzz', 'c2lnbmF0dXJl']) expect(sent).not.toContain(secret);
  });

  it('D5 B32 what a transaction tells is told once it has succeeded, however often it began', async () => {
    let attempts = 0;
    const tellOnce = () =>
      toldOnceDone(async () => {
        attempts += 1;
        tellEvent('sweep_finished', {
          timer: 't',
          outcome: `attempt ${String(attempts)}`,
          durationMs: 1,
          examined: 0,
          changed: 0,
        });
        await Promise.resolve();
        if (attempts === 1) throw new Error('deadlock');
      });
    await expect(tellOnce()).rejects.toThrow('deadlock');
    await tellOnce();
    await sending.flush();
    const events = ingested.envelopes.filter(({ data }) => data.baseType === 'EventData');
    expect(events.map(({ data }) => data.baseData.properties?.['outcome'])).toEqual(['attempt 2']);
  });

  it('D5 sends what is left when the host stops', async () => {
    tellEvent('sweep_finished', { timer: 't', outcome: 'done', durationMs: 1, examined: 2, changed: 0 });
    await sending.close();
    expect(ingested.envelopes.map(({ data }) => data.baseData.name)).toContain('sweep_finished');
  });
});

describe('telemetryOfProcess', () => {
  it('D5 L3 without a connection string nothing is set up, and nothing is sent', async () => {
    const telemetry: TelemetryOfProcess = telemetryOfProcess({ TELEMETRY_ROLE: 'x' }, () => log);
    expect(telemetry).toBe(noTelemetry);
  });

  it('D5 a setting that cannot be used is said in the log, and the app works without telemetry', async () => {
    const wrong = { APPLICATIONINSIGHTS_CONNECTION_STRING: 'InstrumentationKey=none', TELEMETRY_ROLE: '' };
    const telemetry = telemetryOfProcess(wrong, () => log);
    await telemetry.begun();
    expect(lines.join()).toContain('telemetry could not be set up');
    await telemetry.close();
  });
});
