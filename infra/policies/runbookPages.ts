/** Who notices first, and leads to the page: the platform by an alert of its own, Azure, or both. */
type Teller = 'platform' | 'azure' | 'both';

/**
 * Every page of the runbook that an alert leads to. Azure is asked for where the platform could not tell: it does not
 * answer or takes too long, its database fails or has no room for an alert, its sweepers, which would find the rest, do
 * not run; and for data at risk and failing workflows, so that they do not hang on one pair of eyes.
 */
export const runbookPages: Readonly<Record<string, Teller>> = {
  'alert-storm': 'platform',
  'all-agents-failed': 'both',
  'auth-expired': 'platform',
  'backup-at-risk': 'both',
  'clock-skew': 'platform',
  'cloned-agent': 'platform',
  'credential-rotation': 'platform',
  'data-loss': 'platform',
  'database-down': 'both',
  'database-full': 'both',
  'notification-channel-failing': 'platform',
  'poison-queue': 'platform',
  'runner-offline': 'platform',
  'server-down': 'azure',
  'server-slow': 'azure',
  'share-full': 'platform',
  'source-paused': 'platform',
  'sync-stalled': 'platform',
  timers: 'both',
  'workflow-failed': 'both',
  'workflow-stuck': 'both',
};

/** Pages that an alert of the stack has to lead to. */
export const azurePages: readonly string[] = Object.entries(runbookPages)
  .filter(([, teller]) => teller !== 'platform')
  .map(([page]) => page);
