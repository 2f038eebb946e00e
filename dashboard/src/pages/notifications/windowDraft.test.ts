import { describe, expect, it } from 'vitest';
import { createMaintenanceWindow } from '../../../../shared/contract/maintenance.ts';
import { newWindowDraft, readWindow } from './windowDraft.ts';

const now = new Date(2026, 3, 13, 12, 0).getTime();
const draft = { ...newWindowDraft(now), reason: 'moving the bench' };

describe('a maintenance window in the form', () => {
  it('S8 begins now, for two hours, and the contract takes it', () => {
    const read = readWindow(draft, now);
    expect(read.fault).toBeUndefined();
    expect(createMaintenanceWindow.body.safeParse(read.body).success).toBe(true);
    expect(read.body).toMatchObject({ runnerId: null, startsAt: new Date(now).toISOString() });
  });

  it('S8 is refused when it is over, upside down, longer than 14 days or without a reason', () => {
    expect(readWindow({ ...draft, endsAt: '2026-04-13T11:00' }, now).fault).toContain('before it begins');
    expect(
      readWindow({ ...draft, startsAt: '2026-04-12T10:00', endsAt: '2026-04-12T11:00' }, now).fault,
    ).toContain('over already');
    expect(readWindow({ ...draft, endsAt: '2026-05-13T12:00' }, now).fault).toContain('14 days');
    expect(readWindow({ ...draft, endsAt: '' }, now).fault).toContain('both needed');
    expect(readWindow({ ...draft, reason: ' ' }, now).fault).toContain('why');
  });
});
