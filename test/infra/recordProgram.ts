import { runtime } from '@pulumi/pulumi';
import settings from '@pulumi/pulumi/runtime/settings.js';
import { readConfiguration } from '../../infra/configuration/read.ts';
import type { StackConfigurationInput } from '../../infra/configuration/schema.ts';
import { provision } from '../../infra/program.ts';
import { startEngine } from './engine/engine.ts';
import type { RecordedResource, Recording } from './engine/recorded.ts';

/** What a stack must say; every test says the rest for itself. */
export const leastConfiguration: StackConfigurationInput = {
  location: 'australiaeast',
  owner: 'owner@example.com',
  sql: {
    administrator: { name: 'datasync-administrators', objectId: 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee' },
  },
  alerts: { critical: ['operators@example.com'] },
  secrets: {
    AUTH_SECRET: 'k3Jx9vQm2Rt7Yw4Zp8Ns6Lb1Hd5Gf0Ce3Ua7Io9Ek2Mq',
    DATASYNC_CI_UPLOAD_SECRET: 'w8Vr5Tn2Xk9Bq4Jm7Hs3Lz6Pd1',
  },
};

let running: Promise<unknown> = Promise.resolve();

/**
 * Runs the real program in this process, speaking gRPC to a double of the engine, and hands back every resource that it asked
 * for, with inputs, what Azure would add, dependencies and protection. Rejects when the program does.
 */
export async function recordProgram(
  configuration: Partial<StackConfigurationInput> = {},
  stack?: string,
): Promise<readonly RecordedResource[]> {
  return (await recordStack(configuration, stack)).resources;
}

/** The same with the stack's outputs. One after another: Pulumi's runtime is the process's own. */
export async function recordStack(
  configuration: Partial<StackConfigurationInput> = {},
  stack = 'production',
): Promise<Recording> {
  const turn = running.then(() => recordOnce({ ...leastConfiguration, ...configuration }, stack));
  running = turn.catch(() => undefined);
  return turn;
}

async function recordOnce(values: StackConfigurationInput, stack: string): Promise<Recording> {
  const project = 'datasync';
  const configuration = readConfiguration(values);
  const engine = await startEngine({ project, stack });
  const failures: unknown[] = [];
  const onFailure = (error: unknown): void => void failures.push(error);
  process.on('unhandledRejection', onFailure);
  const { stackTraceLimit, prepareStackTrace } = Error;
  try {
    // Pulumi notes on each promise and each resource where it was made: most of the time of a run.
    Error.stackTraceLimit = 0;
    Error.prepareStackTrace = String;
    settings.resetOptions(project, stack, 16, engine.address, engine.address, false, '');
    await runtime.runInPulumiStack(() =>
      provision({ configuration, project, stack, now: new Date('2026-11-29T00:00:00Z') }),
    );
    await runtime.disconnect();
    if (failures.length > 0) throw failures[0];
    return engine.recording();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    Error.prepareStackTrace = prepareStackTrace;
    process.off('unhandledRejection', onFailure);
    await engine.close();
  }
}
