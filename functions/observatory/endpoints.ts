import * as contract from '../../shared/contract/fleet.ts';
import { jobForecast } from '../../shared/contract/operations.ts';
import { changes } from '../../shared/contract/workflows.ts';
import { changeJob, changeRunner } from '../archive/index.ts';
import { type EndpointHandler, handle } from '../platform/http/handler.ts';
import type { Identity } from '../platform/http/identity.ts';
import { Problem } from '../platform/http/problem.ts';
import { readChanges } from './changes.ts';
import { readFleet, readRunner } from './fleet.ts';
import { readJobForecast } from './forecast/jobForecast.ts';
import { readRun, readRunFiles, readRuns } from './runs.ts';

export const observatoryHandlers: readonly EndpointHandler[] = [
  handle(contract.fleet, async ({ caller }, services) => ({
    body: await readFleet(services, organizationOf(caller)),
  })),

  handle(contract.runner, async ({ params, caller }, services) => ({
    body: await readRunner(services, organizationOf(caller), params.runnerId),
  })),

  // These two here and not in the archive, because the answer is the runner or job as pages show it.
  handle(contract.updateRunner, async ({ params, body, caller, correlationId }, services) => {
    const organizationId = organizationOf(caller);
    await changeRunner(services, { organizationId, actor: caller, correlationId, ...params }, body);
    const { runner } = await readRunner(services, organizationId, params.runnerId);
    return { body: { runner } };
  }),

  handle(contract.updateJob, async ({ params, body, caller, correlationId }, services) => {
    const organizationId = organizationOf(caller);
    await changeJob(services, { organizationId, actor: caller, correlationId, ...params }, body);
    const { runner } = await readRunner(services, organizationId, params.runnerId);
    const job = runner.jobs.find((each) => each.jobId === params.jobId);
    if (job === undefined) throw new Problem('not-found', `There is no job ${params.jobId} any more.`);
    return { body: { job } };
  }),

  handle(jobForecast, async ({ params, caller }, services) => ({
    body: await readJobForecast(services, organizationOf(caller), params),
  })),

  handle(contract.runs, async ({ query, caller }, services) => ({
    body: await readRuns(services, organizationOf(caller), query),
  })),

  handle(changes, async ({ query, caller }, services) => ({
    body: await readChanges(services, organizationOf(caller), query),
  })),

  handle(contract.run, async ({ params, caller }, services) => ({
    body: await readRun(services, organizationOf(caller), params.runId),
  })),

  handle(contract.runFiles, async ({ params, query, caller }, services) => ({
    body: await readRunFiles(services, organizationOf(caller), params.runId, query),
  })),
];

/** Whose rows the caller may see: nobody reads across. */
function organizationOf(caller: Identity): string {
  if (caller.kind === 'person') return caller.organizationId;
  throw new Problem('not-allowed', `This is for people; the caller is ${caller.kind}.`);
}
