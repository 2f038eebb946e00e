import { ageText, type Check, verdictOf } from '../check.ts';

/** No critical alert is unresolved. */
export const noActiveAlerts: Check = {
  name: 'NO_ACTIVE_ALERTS',
  judge: ({ openCriticalAlerts, now }) => {
    const evidence = openCriticalAlerts.map((alert) => ({
      subject: alert.title,
      status: 'fail' as const,
      detail: `open for ${ageText(alert.openedAt, now)}`,
    }));
    return verdictOf(evidence, ({ bad }) => `${String(bad)} critical alerts are unresolved.`);
  },
};
