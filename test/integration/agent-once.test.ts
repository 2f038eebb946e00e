import { existsSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { AgentEnd, exitCodes } from '../../agent/exitCodes.ts';
import { proposedJob } from '../../shared/contract/agents.ts';
import { createJob } from '../../shared/contract/fleet.ts';
import { archives, put, startAgent } from '../support/agent.ts';

const { open, closeAll } = archives();
afterEach(closeAll);

async function endOf(agent: { ended: Promise<void> }): Promise<AgentEnd> {
  const end = await agent.ended.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (end instanceof AgentEnd) return end;
  throw new Error('the agent ended without a reason', { cause: end });
}

describe('agent: F17, --once and its places', () => {
  it('F17 --once ends with a code of its own, and says why, when the server has no job for the agent', async () => {
    const archive = await open();
    await put(archive, 'a.geo', 'alpha');
    archive.plane.setJobs([]);
    const end = await endOf(startAgent(archive, { once: true }));
    expect(end.exitCode).toBe(exitCodes.noJob);
    expect(end.message).toContain('the server has no job for this agent');
  });

  it('F17 a state folder in a place that takes no files is refused at once', async () => {
    const archive = await open();
    const state = existsSync('/proc/self') ? '/proc/datasync/state' : `${archive.source}/../state/\0`;
    const end = await endOf(startAgent(archive, { settings: { state } }));
    expect(end.exitCode).toBe(exitCodes.badConfiguration);
    expect(end.message).toContain('the state folder cannot be had');
  });
});

describe('F3, limits of a job', () => {
  it('F3 F15 a share path that Azure Files cannot hold is refused where the job is made', () => {
    const job = { name: 'a', kind: 'tree', sourcePath: '/data' };
    const faultOf = (sharePath: string) =>
      [proposedJob, createJob.body].map(
        (schema) => schema.safeParse({ ...job, sharePath }).error?.issues[0]?.message,
      );
    for (const bad of ['CON', 'a/b.', 'a ', 'x:y', 'a?/b', `${'n'.repeat(256)}/b`])
      expect(faultOf(bad)).toEqual([expect.any(String), expect.any(String)]);
    for (const good of ['', 'instruments/argo 1', 'R%26D'])
      expect(faultOf(good)).toEqual([undefined, undefined]);
  });
});
