import { describe, expect, it } from 'vitest';
import { preview, previewStep, savedPlan, urns } from '../../../test/support/pulumiPlans.ts';
import { dangersIn } from './atStake.ts';
import { stepsOf } from './readPlan.ts';

function dangers(plan: object, allowed: readonly string[] = []): string[] {
  return dangersIn(stepsOf(plan), new Set(allowed)).map(({ says }) => says);
}

const archive = 'the archived files on it, with their snapshots';

describe('dangersIn', () => {
  it('D4 B51 a plan that makes, changes and reads is let through', () => {
    const plan = preview(
      previewStep('create', urns.share),
      previewStep('update', urns.database, { protect: [true, true] }),
      previewStep('refresh', urns.vault),
      previewStep('import', urns.account),
      previewStep('delete', urns.app),
      previewStep('replace', urns.app, { replaceReasons: ['location'] }),
    );
    expect(dangers(plan)).toEqual([]);
  });

  it('D4 B51 a deleted share is told with what is lost', () => {
    expect(dangers(preview(previewStep('delete', urns.share, { protect: [true, false] })))).toEqual([
      `delete of FileShare “share-archive”; what is lost with it: ${archive}`,
    ]);
  });

  it('D4 B51 a replaced database is told with the properties that make it one, in whatever version of Azure’s interface', () => {
    const plan = preview(
      previewStep('replace', urns.database, { replaceReasons: ['collation', 'location'] }),
    );
    expect(dangers(plan)).toEqual([
      'replace of Database “database” because of collation, location; what is lost with it: the state index, history and every record of the platform',
    ]);
  });

  it.each([
    'create-replacement',
    'delete-replaced',
    'import-replacement',
    'read-replacement',
    'discard-replaced',
  ])('D4 B51 the step %s of a replacement is one', (op) =>
    expect(dangers(preview(previewStep(op, urns.vault)))).toHaveLength(1),
  );

  it('D4 B51 a step that nobody knows is no harmless one', () => {
    expect(dangers(preview(previewStep('vaporise', urns.vault)))).toHaveLength(1);
  });

  it('D4 B51 what the data stand in is guarded as they are, and the lock that guards them', () => {
    const plan = preview(
      previewStep('delete', urns.group),
      previewStep('delete', urns.account),
      previewStep('delete', urns.lock),
    );
    expect(dangers(plan)).toEqual([
      'delete of ResourceGroup “group”; what is lost with it: everything in it',
      'delete of StorageAccount “files-storage”; what is lost with it: its shares, blobs, tables and queues',
      'delete of ManagementLockByScope “lock”; what it locks could be deleted by the next hand',
    ]);
  });

  it('D4 B51 taking the protection away is told before the plan that would use it', () => {
    expect(dangers(preview(previewStep('same', urns.share, { protect: [true, false] })))).toEqual([
      `FileShare “share-archive” loses its protection: a later plan could delete it; what is lost with it: ${archive}`,
    ]);
  });

  it('D4 what was named may go, and nothing else', () => {
    const plan = preview(previewStep('delete', urns.share), previewStep('delete', urns.vault));
    expect(dangers(plan, [urns.share])).toEqual([
      'delete of Vault “vault”; what is lost with it: the secrets of the platform, and its name for 90 days',
    ]);
  });

  it('D4 B51 a saved plan is judged as what is printed', () => {
    expect(dangers(savedPlan({ [urns.share]: ['update'], [urns.app]: ['delete'] }))).toEqual([]);
    expect(
      dangers(savedPlan({ [urns.database]: ['create-replacement', 'replace', 'delete-replaced'] })),
    ).toHaveLength(3);
  });
});

describe('stepsOf', () => {
  it.each([
    ['nothing', {}],
    ['a list', []],
    ['steps of something else', { steps: [{ op: 'delete', urn: 'x' }] }],
    ['a plan of something else', { resourcePlans: {} }],
  ])('D4 refuses %s', (_, plan) => {
    expect(() => stepsOf(plan)).toThrow('this is no plan');
  });

  it('D4 refuses a preview that ended with errors: what came after is missing', () => {
    const failed = { ...preview(), diagnostics: [{ message: 'boom', severity: 'error' }] };
    expect(() => stepsOf(failed)).toThrow('its plan is not whole');
    const noisy = { ...preview(), diagnostics: [{ message: 'note', severity: 'info#err' }] };
    expect(stepsOf(noisy)).toHaveLength(1);
  });
});
