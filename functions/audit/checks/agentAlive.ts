import { ageText, type Check, verdictOf } from '../check.ts';

/** The fleet page turns amber at 5 min; the alert and this check fail at 10. */
export const ALIVE_WITHIN_MINUTES = 10;

/** Every active runner sent a heartbeat within ten minutes. */
export const agentAlive: Check = {
  name: 'AGENT_ALIVE',
  judge: ({ runners, now }) => {
    if (runners.length === 0) {
      return { status: 'warn', summary: 'No active runner: nothing is being archived.', evidence: [] };
    }
    const evidence = runners.map((runner) => {
      const { lastHeartbeatAt } = runner;
      if (lastHeartbeatAt === null)
        return { subject: runner.name, status: 'fail' as const, detail: 'no heartbeat yet' };
      const isAlive = now.getTime() - lastHeartbeatAt.getTime() <= ALIVE_WITHIN_MINUTES * 60_000;
      const detail = `last heartbeat ${ageText(lastHeartbeatAt, now)} ago`;
      return { subject: runner.name, status: isAlive ? ('pass' as const) : ('fail' as const), detail };
    });
    return verdictOf(
      evidence,
      ({ good }) => `${String(good)} of ${String(runners.length)} agents are alive.`,
    );
  },
};
