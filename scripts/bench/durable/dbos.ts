import { DBOS } from '@dbos-inc/dbos-sdk';

const empty = DBOS.registerWorkflow(
  async (steps: number) => {
    for (let step = 0; step < steps; step += 1)
      await DBOS.runStep(async () => step, { name: `step-${String(step)}` });
  },
  { name: 'empty' },
);

/** DBOS's durable steps: the same empty workflow, called directly, without a queue. */
export interface Dbos {
  /** Milliseconds of one run of so many empty steps. */
  stepsMs(steps: number): Promise<number>;
  runsPerSecond(runs: number, atOnce: number): Promise<number>;
  close(): Promise<void>;
}

export async function openDbos(databaseUrl: string, connections: number): Promise<Dbos> {
  DBOS.setConfig({
    name: 'bench',
    systemDatabaseUrl: databaseUrl,
    systemDatabasePoolSize: connections,
    logLevel: 'error',
  });
  await DBOS.launch();
  return {
    stepsMs: async (steps) => {
      const startedAt = performance.now();
      await empty(steps);
      return performance.now() - startedAt;
    },
    runsPerSecond: async (runs, atOnce) => {
      const startedAt = performance.now();
      let left = runs;
      const runOnes = async (): Promise<void> => {
        while (left > 0) {
          left -= 1;
          await empty(1);
        }
      };
      await Promise.all(Array.from({ length: atOnce }, runOnes));
      return (1000 * runs) / (performance.now() - startedAt);
    },
    close: () => DBOS.shutdown(),
  };
}
