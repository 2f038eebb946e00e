import { AsyncLocalStorage } from 'node:async_hooks';
import { type Context, context } from '@opentelemetry/api';
import { logs, SeverityNumber } from '@opentelemetry/api-logs';
import { SCOPE } from './asRequest.ts';

/** What a query can ask for, by the names of events. Texts become custom dimensions, numbers custom measurements. */
export interface CustomEvents {
  /** A run of any kind ended, by itself or from outside. */
  workflow_executed: {
    readonly workflowName: string;
    readonly workflowId: string;
    readonly organizationId: string;
    readonly runnerId: string | null;
    readonly correlationId: string;
    readonly status: string;
    readonly trigger: string;
    readonly errorTag: string | null;
    readonly durationMs: number;
    readonly recordsIn: number | null;
    readonly recordsOut: number | null;
    readonly filesArchived: number;
    readonly filesFailed: number;
  };
  /** A timer had a tick and did its work, or failed at it. */
  sweep_finished: {
    readonly timer: string;
    readonly outcome: string;
    readonly durationMs: number;
    readonly examined: number | null;
    readonly changed: number | null;
  };
  audit_finished: {
    readonly auditId: string;
    readonly verdict: string;
    readonly trigger: string;
    /** Names of the checks that failed, and of those that warned. */
    readonly failed: string;
    readonly warned: string;
    readonly durationMs: number;
    readonly checks: number;
  };
  alert_transition: {
    readonly alertId: string;
    readonly organizationId: string;
    readonly from: string | null;
    readonly to: string;
    readonly severity: string;
    readonly class: string;
    readonly source: string | null;
    readonly title: string;
  };
  /** A process has loaded the app: how long after its start, and how much memory it held then. */
  host_started: {
    readonly version: string;
    readonly startMs: number;
    readonly memoryMb: number;
  };
}

type Held = (() => void)[];

/** Events of a transaction that is still open. */
const holding = new AsyncLocalStorage<Held>();

/** Tells of an event; within `toldOnceDone` when that has been done. Never throws. */
export function tellEvent<Name extends keyof CustomEvents>(name: Name, facts: CustomEvents[Name]): void {
  const within = context.active();
  const held = holding.getStore();
  if (held === undefined) emit(name, facts, within);
  else held.push(() => emit(name, facts, within));
}

/** What `work` tells is told when it has succeeded: a transaction that is rolled back, or begins again, tells nothing. */
export async function toldOnceDone<T>(work: () => Promise<T>): Promise<T> {
  const held: Held = [];
  const result = await holding.run(held, work);
  const outer = holding.getStore();
  if (outer === undefined) for (const tell of held) tell();
  else outer.push(...held);
  return result;
}

function emit(name: string, facts: Readonly<Record<string, unknown>>, within: Context): void {
  const dimensions: Record<string, string> = { 'microsoft.custom_event.name': name };
  const measurements: Record<string, number> = {};
  for (const [key, value] of Object.entries(facts)) {
    if (typeof value === 'number') measurements[key] = value;
    else if (typeof value === 'string') dimensions[key] = value;
  }
  logs.getLogger(SCOPE).emit({
    severityNumber: SeverityNumber.INFO,
    context: within,
    attributes: { ...dimensions, 'microsoft.custom_measurements': JSON.stringify(measurements) },
  });
}
