import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { preview, previewStep, urns } from '../test/support/pulumiPlans.ts';

const folder = mkdtempSync(join(tmpdir(), 'judge-plan-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Verdict {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function judgePlan(args: readonly string[], piped?: string): Promise<Verdict> {
  return new Promise((resolve) => {
    const child = execFile(join(import.meta.dirname, 'judge-plan'), [...args], (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
    );
    child.stdin?.end(piped);
  });
}

function planFile(plan: object): string {
  const file = join(folder, 'plan.json');
  writeFileSync(file, JSON.stringify(plan));
  return file;
}

describe('judge-plan', () => {
  it('D4 D8 a plan that loses data ends with 1 and says which, but no value of it', async () => {
    const plan = preview(previewStep('delete', urns.share, { protect: [true, false] }));
    const { code, out, err } = await judgePlan([planFile(plan)]);
    expect(code).toBe(1);
    expect(err).toContain(`delete of FileShare “share-archive”`);
    expect(err).toContain(urns.share);
    expect(out + err).not.toContain('australiaeast');
  });

  it('D4 D8 takes a plan that is piped in, and lets go what was named', async () => {
    const plan = preview(previewStep('delete', urns.share), previewStep('create', urns.app));
    const { code, out } = await judgePlan(['--allow', urns.share], JSON.stringify(plan));
    expect({ code, out }).toEqual({
      code: 0,
      out: '3 steps, none of which deletes or replaces what holds data.\n',
    });
  });

  it('D4 D8 what is no whole plan, or a name that is not in it, ends with 2', async () => {
    const [nothing, stranger] = await Promise.all([
      judgePlan([], 'error: no stack selected'),
      judgePlan(['--allow', 'urn:pulumi:x'], JSON.stringify(preview())),
    ]);
    expect(nothing).toMatchObject({ code: 2, err: expect.stringContaining('this is no JSON') });
    expect(stranger).toMatchObject({ code: 2, err: expect.stringContaining('the plan has no urn:pulumi:x') });
  });
});
