/** Runs at most `limit` tasks at a time; the first failure is kept and thrown by `finish`, never unhandled. */
export function boundedTasks(limit: number) {
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  return {
    get failed() {
      return failures.length > 0;
    },
    /** Resolves when there is room and the task has been started. */
    run: async (task: () => Promise<void>): Promise<void> => {
      while (running.size >= limit) await Promise.race(running);
      const started = task()
        .catch((error: unknown) => {
          failures.push(error);
        })
        .finally(() => running.delete(started));
      running.add(started);
    },
    /** Resolves when all have ended; rejects with the first failure. */
    finish: async (): Promise<void> => {
      await Promise.all(running);
      if (failures.length > 0) throw failures[0];
    },
  };
}
