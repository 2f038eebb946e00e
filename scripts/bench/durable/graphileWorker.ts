import { Logger, makeWorkerUtils, run } from 'graphile-worker';

/** graphile-worker's jobs: one step each, and nothing is remembered of it afterwards. */
export interface JobQueue {
  /** From the first that is added to the last that is done, so many added at once. */
  jobsPerSecond(jobs: number, atOnce: number): Promise<number>;
  close(): Promise<void>;
}

export async function openGraphileWorker(databaseUrl: string, connections: number): Promise<JobQueue> {
  let left = 0;
  let allDone = Promise.withResolvers<undefined>();
  const logger = new Logger(() => () => undefined);
  const connection = { connectionString: databaseUrl, maxPoolSize: connections, logger };
  const utils = await makeWorkerUtils(connection);
  await utils.migrate();
  const runner = await run({
    ...connection,
    concurrency: connections,
    noHandleSignals: true,
    taskList: {
      empty: async () => {
        left -= 1;
        if (left === 0) allDone.resolve(undefined);
      },
    },
  });
  return {
    jobsPerSecond: async (jobs, atOnce) => {
      left = jobs;
      allDone = Promise.withResolvers();
      const startedAt = performance.now();
      let unsent = jobs;
      const addOnes = async (): Promise<void> => {
        while (unsent > 0) {
          unsent -= 1;
          await utils.addJob('empty', { steps: 1 });
        }
      };
      await Promise.all(Array.from({ length: atOnce }, addOnes));
      await allDone.promise;
      return (1000 * jobs) / (performance.now() - startedAt);
    },
    close: async () => {
      await runner.stop();
      await utils.release();
    },
  };
}
