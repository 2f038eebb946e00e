/**
 * Fingerprints of alerts that explain others (SPEC S13). Whoever finds such a problem uses these, so that what stands
 * behind it is attached to it: database, control plane → share, site's network → runner → its jobs.
 */
export const fingerprints = {
  database: 'database-down',
  controlPlane: 'control-plane-down',
  /** Every runner of the organization is silent. */
  allRunnersSilent: 'all-runners-silent',
  share: (shareName: string) => `share-down:${shareName}`,
  /** The runners of one group are silent together: their site's network. */
  site: (groupId: string) => `site-silent:${groupId}`,
  runnerOffline: (runnerId: string) => `runner-offline:${runnerId}`,
} as const;

/** What an alert is about, as far as it hangs on other things. */
export interface Dependent {
  readonly fingerprint: string;
  readonly class: string;
  readonly causeFingerprint?: string | null | undefined;
  readonly runnerId: string | null;
  readonly groupId: string | null;
  readonly shareName: string | null;
  readonly isOfJob: boolean;
}

/**
 * The dependency map: fingerprints of what would explain a problem, the farthest cause first. Data loss and security are
 * explained by nothing: they are always told. What is about no runner hangs on the database and the control plane only
 * if its finder says so.
 */
export function possibleCauses(problem: Dependent): readonly string[] {
  if (problem.class !== 'operational' || problem.causeFingerprint === null) return [];
  const { runnerId, groupId, shareName } = problem;
  const named = problem.causeFingerprint === undefined ? [] : [problem.causeFingerprint];
  const platform = [fingerprints.database, fingerprints.controlPlane, fingerprints.allRunnersSilent];
  const behindRunner =
    runnerId === null
      ? []
      : [
          ...platform,
          ...(shareName === null ? [] : [fingerprints.share(shareName)]),
          ...(groupId === null ? [] : [fingerprints.site(groupId)]),
          ...(problem.isOfJob ? [fingerprints.runnerOffline(runnerId)] : []),
        ];
  return [...new Set([...named, ...behindRunner])].filter((cause) => cause !== problem.fingerprint);
}
