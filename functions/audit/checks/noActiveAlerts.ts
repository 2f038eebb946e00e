import { ageText, type Check, verdictOf } from '../check.ts';

/** No critical alert is unresolved. */
export const noActiveAlerts: Check = {
  name: 'NO_ACTIVE_ALERTS',
  judge: ({ openCriticalAlerts, now }) => {
    const evidence = openCriticalAlerts.map((alert) => ({
      // Audits are read with the pipeline's secret, which is told of these only that there are some.
      subject: alert.class === 'security' ? 'A security alert' : alert.title,
      status: 'fail' as const,
      detail: `open for ${ageText(alert.openedAt, now)}`,
    }));
    return verdictOf(evidence, ({ bad }) => `${String(bad)} critical alerts are unresolved.`);
  },
};
