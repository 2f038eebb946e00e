import { describe, expect, it } from 'vitest';
import { draftFault, jobChange } from './jobDraft.ts';

const draft = { scheduleSeconds: '300', sourceCap: '1000', include: '**/*.geo\n\n  **/*.dat ', exclude: '' };

describe('jobDraft', () => {
  it('F1 sends numbers, one pattern a line, and no empty pattern', () => {
    expect(jobChange(draft)).toEqual({
      scheduleSeconds: 300,
      sourceCap: 1000,
      include: ['**/*.geo', '**/*.dat'],
      exclude: [],
    });
  });

  it('F1 an empty cap takes the cap away', () => {
    expect(jobChange({ ...draft, sourceCap: ' ' }).sourceCap).toBeNull();
  });

  it('F1 says in words what the server would refuse, before it is sent', () => {
    expect(draftFault(draft)).toBeUndefined();
    expect(draftFault({ ...draft, scheduleSeconds: '4' })).toMatch(/^The schedule is not possible/);
    expect(draftFault({ ...draft, scheduleSeconds: '' })).toMatch(/^The schedule is not possible/);
    expect(draftFault({ ...draft, sourceCap: '0' })).toMatch(/^The cap is not possible/);
    expect(draftFault({ ...draft, include: 'x'.repeat(201) })).toMatch(/^A pattern to take is not possible/);
  });
});
