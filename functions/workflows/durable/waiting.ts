import { commit, type DurableSlice, handOverAt, stepOf, visit } from './slice.ts';

/** A message may come a little early (`claimSlice`): then the sleep is over. */
const EARLY_MS = 2000;

/** `context.sleep`: the slice ends, and the next one is due when the time has come. */
export async function runSleep(slice: DurableSlice, name: string, milliseconds: number): Promise<void> {
  const visited = visit(slice, name);
  if (visited.stored?.status === 'complete') return;
  const now = slice.context.services.now().getTime();
  const stored = visited.stored?.cursor_json as { until: string } | null | undefined;
  const until =
    stored === undefined || stored === null ? new Date(now + milliseconds) : new Date(stored.until);
  const step = stepOf(slice, visited);
  if (until.getTime() > now + EARLY_MS) {
    const cursor = { until: until.toISOString() };
    const steps = [{ ...step, status: 'running' as const, cursor }];
    slice.endings.end({ outcome: { kind: 'continue', steps, nextAt: until, pointer: name } });
  }
  await commit(slice, [{ ...step, status: 'complete', result: { value: until.toISOString() } }]);
}

/** `context.seed`: the `init` step, and the phases that are to come. */
export async function seedSteps(slice: DurableSlice, names: readonly string[]): Promise<void> {
  const visited = visit(slice, 'init');
  if (visited.stored?.status === 'complete') return;
  handOverAt(slice, visited, false);
  await commit(slice, [
    { ...stepOf(slice, visited, 'init'), status: 'complete', result: { value: names } },
    ...names.map((step) => ({ step, kind: 'work' as const, status: 'pending' as const })),
  ]);
}
