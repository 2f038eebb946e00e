import type { Settings } from '../../functions/platform/settings.ts';
import type { Workflow } from '../../functions/workflows/index.ts';
import {
  startThirdParties,
  type ThirdParties,
  type ThirdPartiesOptions,
} from '../../local/third-parties/server.ts';
import { thirdPartySettings } from './thirdParties.ts';
import { openWorkflowBench, type WorkflowBench } from './workflows.ts';

export interface RegisterBench {
  readonly bench: WorkflowBench;
  readonly server: ThirdParties;
  /** Runs a cycle from its start to its end, an hour after what was before; gives its run's id. */
  cycle(workflow: Workflow, payload?: unknown): Promise<string>;
  /** What a run told, `event_type entity_code old new`, by kind and code. */
  told(runId: string): Promise<string[]>;
  /** Live entities of a kind. */
  countLive(register: string, entityType: string): Promise<number>;
  /** For the next test: no run, no entity, no fault. */
  clear(settings?: Partial<Settings>): Promise<void>;
  close(): Promise<void>;
}

/** Cycles over the simulated registers, on a real database. */
export async function openRegisterBench(options: ThirdPartiesOptions): Promise<RegisterBench> {
  const server = await startThirdParties({ throttles: false, ...options });
  const bench = await openWorkflowBench();
  bench.renew(thirdPartySettings(server));
  const { db } = bench.database;
  return {
    bench,
    server,
    cycle: async (workflow, payload = {}) => {
      bench.services.advance(3_600_000);
      const runId = await bench.start(workflow, payload);
      await bench.workAll(workflow);
      return runId;
    },
    told: async (runId) => {
      const rows = await db.selectFrom('change_events').selectAll().where('run_id', '=', runId).execute();
      return rows
        .map((row) => [row.event_type, row.entity_code, row.old_value, row.new_value].join(' '))
        .sort();
    },
    countLive: async (register, entityType) => {
      const rows = await db
        .selectFrom('register_entities')
        .select('code')
        .where('register', '=', register)
        .where('entity_type', '=', entityType)
        .where('gone_at', 'is', null)
        .execute();
      return rows.length;
    },
    clear: async (settings) => {
      server.faults.clear();
      server.seen.length = 0;
      bench.renew({ ...thirdPartySettings(server), ...settings });
      const tables = ['change_events', 'register_entities', 'register_cursors', 'sentinel_log'] as const;
      for (const table of [...tables, 'sync_steps', 'sync_runs'] as const)
        await db.deleteFrom(table).execute();
    },
    close: async () => {
      await server.close();
      await bench.close();
    },
  };
}
