import { compareVersions } from '../../../shared/domain/versionOrder.ts';
import { type Check, verdictOf } from '../check.ts';

/** Every active runner's agent has at least the minimum version that was named; without one, versions are only listed. */
export const agentVersion: Check = {
  name: 'AGENT_VERSION',
  judge: ({ runners, minVersion }) => {
    const evidence = runners.map((runner) => {
      const version = runner.agentVersion;
      const isOld = minVersion !== null && (version === null || compareVersions(version, minVersion) < 0);
      return {
        subject: runner.name,
        status: isOld ? ('fail' as const) : ('pass' as const),
        detail: version ?? 'unknown',
      };
    });
    return verdictOf(evidence, ({ good }) =>
      minVersion === null
        ? 'No minimum version was named.'
        : `${String(good)} of ${String(runners.length)} agents have version ${minVersion} or newer.`,
    );
  },
};
