import { describe, expect, it } from 'vitest';
import {
  checkMarks,
  fileMark,
  fileMarks,
  jobMark,
  presenceMarks,
  riskMarks,
  runMarks,
  severityMarks,
  stepMarks,
} from './marks.ts';

describe('marks', () => {
  it.each(
    Object.entries({ checkMarks, fileMarks, presenceMarks, riskMarks, runMarks, severityMarks, stepMarks }),
  )('L5 every state of %s has a word of its own', (_, marks) => {
    const words = Object.values(marks).map((mark) => mark.word);
    expect(new Set(words).size).toBe(words.length);
    expect(words.every((word) => word !== '')).toBe(true);
  });

  it('L5 only what is safe has the shape of what is good', () => {
    expect(Object.entries(riskMarks).filter(([, mark]) => mark.shape === 'good')).toEqual([
      ['safe', riskMarks.safe],
    ]);
  });

  it('L5 a file that is still written to warns nobody, one that another program holds does', () => {
    expect(fileMark({ state: 'skipped', outcome: 'still_writing' }).shape).toBe('idle');
    expect(fileMark({ state: 'skipped', outcome: 'locked' }).shape).toBe('warn');
    expect(fileMark({ state: 'failed', outcome: 'vanished' }).shape).toBe('bad');
  });

  it('L5 a paused job is shown as paused, whatever its risk', () => {
    const risk = { level: 'danger', sentence: '', action: null } as const;
    expect(jobMark({ enabled: true, pausedReason: 'holiday', risk }).word).toBe('Paused');
    expect(jobMark({ enabled: false, pausedReason: null, risk }).word).toBe('Switched off');
    expect(jobMark({ enabled: true, pausedReason: null, risk }).word).toBe('At risk');
  });
});
