import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operationNamed } from '../../functions/platform/telemetry/operationNamed.ts';
import { readSavedQueries } from '../../infra/queries/savedQueries.ts';
import { type Azurite, startAzurite } from '../../local/azurite/index.ts';
import { traceIdOf } from '../../shared/domain/traceParent.ts';
import { type Envelope, type IngestionServer, startIngestion } from '../support/ingestion.ts';
import { type ScriptedServer, startScriptedServer } from '../support/scriptedServer.ts';
import { offeredBy, textOf, usesOf } from '../support/usedTelemetry.ts';
import {
  liveThroughEverything,
  PASSWORD,
  sayTooMuch,
  SIGNATURE,
  startWatchedApp,
  type WatchedApp,
} from '../support/watchedApp.ts';

let folder: string;
let azurite: Azurite;
let outside: ScriptedServer;
let ingested: IngestionServer;
let app: WatchedApp;

/** One life of the control plane, told to an endpoint that keeps every envelope. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'datasync-telemetry-'));
  azurite = await startAzurite({ dataDir: folder, log: () => undefined });
  outside = await startScriptedServer();
  outside.script({ status: 404 });
  ingested = await startIngestion();
  app = await startWatchedApp(ingested, azurite.connectionString, outside.url);
  await liveThroughEverything(app);
  await app.flush();
  await sayTooMuch(app);
  await app.close();
});
afterAll(async () => {
  await Promise.allSettled([azurite.close(), outside.close(), ingested.close()]);
  await rm(folder, { recursive: true, force: true });
});

const ofType = (baseType: string): Envelope[] =>
  ingested.envelopes.filter(({ data }) => data.baseType === baseType);
const base = ({ data }: Envelope) => data.baseData;
const operationOf = ({ tags }: Envelope) => tags['ai.operation.id'];
function request(name: string): Envelope {
  const found = ofType('RequestData').find((one) => base(one).name === name);
  if (found === undefined) throw new Error(`no request ${name} was told`);
  return found;
}
function event(name: string) {
  const found = ofType('EventData').filter((one) => base(one).name === name);
  return found.map((one) => ({ ...base(one).properties, ...base(one).measurements }));
}
const metric = (name: string) =>
  ofType('MetricData').flatMap((one) =>
    (base(one).metrics ?? []).flatMap((told) =>
      told.name === name ? { ...base(one).properties, value: told.value } : [],
    ),
  );

describe('what Application Insights is told', () => {
  it('D5 a request an endpoint, by the name of its function, with what became of it and who called', () => {
    expect(base(request('agent-heartbeat'))).toMatchObject({
      success: true,
      responseCode: '200',
      properties: { trigger: 'http', caller: 'agent', runnerId: 'argo3', agentVersion: '1.0.0' },
    });
    expect(base(request('workflow-kinds'))).toMatchObject({
      success: true, // a caller's mistake is no failure of ours
      responseCode: '401',
      properties: { problem: 'not-signed-in' },
    });
    expect(base(request('test-failing'))).toMatchObject({ success: false, responseCode: '500' });
    expect(base(request('zz-api-unknown'))).toMatchObject({ responseCode: '404' });
  });

  it('D5 ticks and slices are requests too', () => {
    expect(base(request('timer-sweep-offline')).properties).toMatchObject({
      trigger: 'timer',
      outcome: 'done',
    });
    expect(base(request('timer-test-broken'))).toMatchObject({
      success: false,
      properties: { outcome: 'failed' },
    });
    expect(base(request('queue-slices')).properties).toMatchObject({ trigger: 'queue', outcome: 'finished' });
  });

  it('D5 what an agent does for a run, the endpoints it calls and their statements are one operation', () => {
    const [executed] = event('workflow_executed').filter((one) => one['workflowName'] === 'file_sync');
    const operation = traceIdOf(String(executed?.['correlationId']));
    const calls = ofType('RequestData').filter((one) => operationOf(one) === operation);
    expect(calls.map((one) => base(one).name)).toEqual(['agent-run-begin', 'agent-run-complete']);
    for (const call of calls) {
      const statements = ofType('RemoteDependencyData').filter(
        (one) => one.tags['ai.operation.parentId'] === base(call)['id'],
      );
      expect(statements.map((one) => base(one).name)).toContain('update sync_runs');
      expect(new Set(statements.map(operationOf))).toEqual(new Set([operation]));
    }
  });

  it('D5 W5 all slices of a run are one operation, with the lines that were written meanwhile', () => {
    const [executed] = event('workflow_executed').filter((one) => one['workflowName'] === 'TestWorkflow');
    const { traceId } = operationNamed(String(executed?.['workflowId']));
    const slices = ofType('RequestData').filter((one) => base(one).name === 'queue-slices');
    expect(slices.map(operationOf)).toContain(traceId);
    const lines = ofType('MessageData').filter((one) => operationOf(one) === traceId);
    expect(lines.map((one) => base(one)['message'])).toEqual(
      expect.arrayContaining(['activity done', 'run ended']),
    );
    expect(base(lines.find((one) => base(one)['message'] === 'activity done')!).properties).toMatchObject({
      workflowName: 'TestWorkflow',
      workflowId: executed?.['workflowId'],
      activityName: 'count',
    });
  });

  it('D5 a statement is told with places for its parameters, an outgoing request without the rest of its query', () => {
    const statements = ofType('RemoteDependencyData').filter((one) => base(one)['type'] === 'postgresql');
    expect(statements.map((one) => base(one).name)).not.toContain('begin');
    const inserted = statements.find((one) => base(one).name === 'insert enrolments');
    expect(base(inserted!)['data']).toMatch(/values \(\$1, \$2/);
    const [out] = ofType('RemoteDependencyData').filter(
      (one) => operationOf(one) === operationOf(request('test-calling-out')),
    );
    expect(base(out!)).toMatchObject({
      success: false,
      type: 'Http',
      resultCode: '404',
      data: expect.stringMatching(/file\?restype=share$/),
    });
  });

  it('D5 W5 an error is a trace with its cause, and an exception with its stack', () => {
    const [exception] = ofType('ExceptionData').filter(
      (one) => base(one).properties?.['endpoint'] === 'test-failing',
    );
    expect(base(exception!)['exceptions']).toMatchObject([
      { typeName: 'Error', stack: expect.stringContaining('at ') },
    ]);
    expect(operationOf(exception!)).toBe(operationOf(request('test-failing')));
    const [line] = ofType('MessageData').filter((one) => base(one)['message'] === 'request failed');
    expect(base(line!)).toMatchObject({
      severityLevel: 'Error',
      properties: { 'error.cause': 'Error: Password=[redacted];', correlationId: expect.any(String) },
    });
  });

  it('D5 events of runs, sweeps, audits and alerts', () => {
    expect(event('workflow_executed')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          workflowName: 'file_sync',
          status: 'partial',
          runnerId: 'argo3',
          filesFailed: 1,
        }),
        expect.objectContaining({ workflowName: 'TestWorkflow', status: 'complete', trigger: 'manual' }),
      ]),
    );
    expect(event('sweep_finished')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ timer: 'sweep-offline', outcome: 'done', examined: 1 }),
        expect.objectContaining({ timer: 'test-broken', outcome: 'failed' }),
      ]),
    );
    expect(event('audit_finished')).toMatchObject([
      { verdict: 'fail', failed: 'NO_ACTIVE_ALERTS', trigger: 'manual' },
    ]);
    expect(event('alert_transition')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ to: 'open', severity: 'critical', class: 'data_loss' }),
      ]),
    );
    expect(event('host_started')).toHaveLength(1);
  });

  it('A6 D5 measurements of the fleet, the queue and the pool', () => {
    expect(metric('heartbeat_age_seconds')).toMatchObject([{ runner: 'ARGO3' }]);
    expect(metric('backlog_files')).toEqual([{ runner: 'ARGO3', job: 'geometry', value: 50 }]);
    expect(metric('hours_to_loss')).toMatchObject([{ runner: 'ARGO3', job: 'geometry' }]);
    expect(metric('queue_age_seconds')).toMatchObject([{ queue: 'slices' }]);
    expect(metric('pool_max')[0]).toEqual({ value: 20 });
    for (const name of ['pool_in_use', 'pool_waiting'])
      expect(metric(name)[0]?.value).toBeGreaterThanOrEqual(0);
    expect(metric('pool_exhausted')).toEqual([{ value: 1 }]);
    expect(metric('telemetry_sent')).toContainEqual({ kind: 'events', value: ofType('EventData').length });
  });

  it('A3 D5 no secret is in anything that was sent', () => {
    const sent = ingested.requests.map(({ body }) => body).join('\n');
    const accountKey = /AccountKey=([^;]+)/.exec(azurite.connectionString)?.[1] ?? '';
    const secrets = [
      SIGNATURE,
      PASSWORD,
      app.admin.token,
      app.admin.password,
      app.ciSecret,
      app.workflowKey,
      accountKey,
    ];
    for (const secret of secrets) expect(sent).not.toContain(secret);
    expect(sent).toContain('[redacted]');
  });
});

describe('what the saved queries ask for', () => {
  const lacking = (query: string): string[] => {
    const offered = offeredBy(ingested.envelopes);
    return usesOf(query)
      .map(textOf)
      .filter((use) => !offered.has(use));
  };

  it.each(readSavedQueries().map(({ name, query }) => [name, query] as const))(
    'D5 %s uses only names, dimensions and measurements that are told',
    (_, query) => {
      expect(lacking(query)).toEqual([]);
    },
  );

  it.each([
    ['customEvents | where name == "workflow_executd"', 'customEvents: name workflow_executd'],
    ['requests | where tostring(customDimensions["runnr"]) == "a"', 'requests: dimension runnr'],
    ['requests | extend a = customDimensions.runner', 'requests: dimension runner'],
    [
      'traces | join (dependencies | extend customMeasurements["durationMs"]) on operation_Id',
      'dependencies: measurement durationMs',
    ],
    ['customMetrics | where name in ("backlog_files", "backlog")', 'customMetrics: name backlog'],
  ])('D5 %s is refused', (query, wanted) => {
    expect(lacking(query)).toEqual([wanted]);
  });
});
