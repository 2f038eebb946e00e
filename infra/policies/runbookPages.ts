/** Pages of the runbook that Azure’s own alerts lead to: what they are about keeps the platform from telling it. */
export const azurePages = ['server-down', 'database-full'] as const;
