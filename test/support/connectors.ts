import { workflows } from '../../functions/connectors/index.ts';
import type { Workflow } from '../../functions/workflows/index.ts';
import {
  startThirdParties,
  type ThirdParties,
  type ThirdPartiesOptions,
} from '../../local/third-parties/server.ts';
import { thirdPartySettings } from './thirdParties.ts';
import { openWorkflowBench, type WorkflowBench } from './workflows.ts';

export interface ConnectorBench {
  readonly bench: WorkflowBench;
  readonly server: ThirdParties;
  /** New services, with these settings beside those that lead to the simulated APIs. */
  renew(settings?: Parameters<WorkflowBench['renew']>[0]): void;
  /** For the next test: no fault, no request seen, no run that goes on. */
  clear(): Promise<void>;
  /** Starts a workflow and works on it until it ends; gives its run's id. */
  runOf(name: string, payload?: unknown): Promise<string>;
  /** Live entities of a register, `code: status`. */
  held(register: string, entityType: string): Promise<string[]>;
  close(): Promise<void>;
}

/** Workflows of connectors, a database, and the simulated APIs that they speak to; nothing is throttled unless asked. */
export async function openConnectorBench(options: ThirdPartiesOptions): Promise<ConnectorBench> {
  const server = await startThirdParties({ throttles: false, ...options });
  const bench = await openWorkflowBench();
  const renew: ConnectorBench['renew'] = (settings) => {
    bench.renew({ ...thirdPartySettings(server), ...settings });
  };
  renew();
  return {
    bench,
    server,
    renew,
    clear: async () => {
      server.faults.clear();
      server.seen.length = 0;
      renew();
      await bench.database.db
        .updateTable('sync_runs')
        .set((eb) => ({ status: 'terminated', live_key: eb.ref('id') }))
        .where('status', '=', 'running')
        .execute();
    },
    runOf: async (name, payload) => {
      const workflow = workflowNamed(name);
      const runId = await bench.start(workflow, payload);
      await bench.workAll(workflow);
      return runId;
    },
    held: async (register, entityType) => {
      const rows = await bench.database.db
        .selectFrom('register_entities')
        .select(['code', 'status'])
        .where('register', '=', register)
        .where('entity_type', '=', entityType)
        .where('gone_at', 'is', null)
        .orderBy('code')
        .execute();
      return rows.map(({ code, status }) => `${code}: ${status ?? ''}`);
    },
    close: async () => {
      await server.close();
      await bench.close();
    },
  };
}

export function workflowNamed(name: string): Workflow {
  const workflow = workflows.find((one) => one.name === name);
  if (workflow === undefined) throw new Error(`there is no workflow ${name}`);
  return workflow;
}
