import { describe, expect, it } from 'vitest';
import { withoutDetail } from './withoutDetail.ts';

describe('withoutDetail', () => {
  it('S8 shows of a security alert that there is one, and its id', () => {
    const secret = {
      title: 'Key of PC-7 used twice',
      detail: 'from 10.0.0.7',
      runnerName: 'PC-7',
      jobName: 'J',
    };
    const shown = withoutDetail({
      deliveryId: 'delivery-1',
      alertId: 'alert-1',
      transition: 'opened',
      severity: 'critical',
      class: 'security',
      organizationName: 'Org',
      occurredAt: new Date(0),
      openedAt: null,
      count: 1,
      url: null,
      runbookUrl: null,
      ...secret,
    });
    expect(shown.alertId).toBe('alert-1');
    for (const text of Object.values(secret)) expect(Object.values(shown)).not.toContain(text);
  });
});
