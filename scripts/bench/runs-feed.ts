import { createClient } from '../../shared/client/index.ts';
import type { QueryOf } from '../../shared/contract/endpoint.ts';
import { runs } from '../../shared/contract/fleet.ts';
import { seedAgents } from './fleet.ts';
import { startBenchPlatform } from './platform.ts';
import { median, percentile, print, printFigure } from './report.ts';
import { DAYS, RETIRED_AFTER_DAYS, seedRuns } from './seed-runs.ts';

const AGENTS = 100;
const RUNS = 1_000_000;
const LOOKS = 30;
const ROWS = 50;

const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();
const fileSyncsOf = (days: number, length: number): string => `file-sync-${daysAgo(days).slice(0, length)}`;

/** What people ask of the feed; those of what is long past are the hardest, as the feed begins with the newest. */
function questions(): ReadonlyArray<readonly [name: string, query: QueryOf<typeof runs>]> {
  const retired = { from: daysAgo(DAYS), to: daysAgo(DAYS - RETIRED_AFTER_DAYS) };
  return [
    ['unfiltered', {}],
    ['id prefix of a workflow', { prefix: `tga-sync-${daysAgo(2).slice(0, 10)}` }],
    ['id prefix of a workflow, a year ago', { prefix: `tga-sync-${daysAgo(365).slice(0, 7)}` }],
    ['id prefix of a retired workflow', { prefix: 'oldsync' }],
    ['id prefix of file syncs, recent', { prefix: fileSyncsOf(0, 7) }],
    ['id prefix of file syncs, a year ago', { prefix: fileSyncsOf(365, 7) }],
    ['id prefix that nothing has', { prefix: 'no-such-run' }],
    ['type', { syncType: 'tga_sync' }],
    ['type that was retired', { syncType: 'OldSync' }],
    ['status', { status: 'failed' }],
    ['status that nothing has', { status: 'paused' }],
    ['type and status', { syncType: 'cricos_sync', status: 'failed' }],
    ['id prefix of one letter', { prefix: 's' }],
    ['id prefix and dates', { prefix: 'file-sync', from: daysAgo(200), to: daysAgo(199) }],
    ['prefix and status', { prefix: fileSyncsOf(365, 7), status: 'stale' }],
    ['dates', { from: daysAgo(200), to: daysAgo(199) }],
    ['dates and status', { ...retired, status: 'partial' }],
    ['instrument', { runnerId: 'bench-7' }],
    ['instrument that was retired', { runnerId: `bench-${String(AGENTS)}` }],
    ['job', { jobId: 'job-7' }],
  ];
}

/** The runs feed with a million runs, as the dashboard asks for it: request, authentication and answer included. */
export async function benchRunsFeed(): Promise<void> {
  const platform = await startBenchPlatform();
  try {
    await seedAgents(platform.databaseUrl, AGENTS);
    await seedRuns(platform.databaseUrl, AGENTS, RUNS);
    const headers = () => ({ authorization: `Bearer ${platform.credentials.operator.token}` });
    const operator = createClient({ baseUrl: platform.url, headers });
    let slowest = 0;
    for (const [name, query] of questions()) {
      const took: number[] = [];
      let found = 0;
      for (let look = 0; look <= LOOKS; look += 1) {
        const startedAt = performance.now();
        const answer = await operator.call(runs, { query: { limit: ROWS, ...query } });
        took.push(performance.now() - startedAt);
        found = answer.runs.length;
      }
      const warm = took.slice(1);
      slowest = Math.max(slowest, median(warm));
      print(
        `P8  runs feed, ${name}: ${median(warm).toFixed(0)} ms, p95 ${percentile(warm, 95).toFixed(0)} ms, ${String(found)} rows`,
      );
    }
    printFigure({
      id: 'P8',
      what: 'runs feed at a million runs, the slowest question',
      value: slowest,
      unit: 'ms',
      atMost: 50,
    });
  } finally {
    await platform.stop();
  }
}
