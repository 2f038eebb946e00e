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
