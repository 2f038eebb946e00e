import type { functionSettings } from '../../shared/settings/functions.ts';
import type { localPlatform } from '../../shared/settings/localPlatform.ts';
import type { LocalCredentials } from './credentials.ts';

/** What is declared, and nothing else. */
type HostSettings = Readonly<
  Partial<Record<keyof typeof functionSettings | keyof typeof localPlatform.settings, string>>
>;

export interface HostNeeds {
  readonly url: string;
  readonly databaseUrl: string;
  readonly queues: string;
  readonly credentials: LocalCredentials;
  readonly dashboardDir: string;
}

/** What a host of the local platform has whatever the environment of `npm start` says, the pace of heartbeats excepted. */
export function hostSettings(needs: HostNeeds, environment: NodeJS.ProcessEnv): HostSettings {
  const { operator, files, ciSecret, authSecret, workflowKey } = needs.credentials;
  return {
    NODE_ENV: 'local',
    NOTIFY_ALLOW_PRIVATE_ADDRESSES: 'true',
    DATABASE_URL: needs.databaseUrl,
    FILES_CONNECTION_STRING: files.connectionString,
    AzureWebJobsStorage: needs.queues,
    AUTH_SECRET: authSecret,
    DATASYNC_CI_UPLOAD_SECRET: ciSecret,
    WORKFLOW_API_KEY: workflowKey,
    DASHBOARD_DIR: needs.dashboardDir,
    HEARTBEAT_SECONDS: environment['HEARTBEAT_SECONDS'] ?? '10',
    LOCAL_PORT: new URL(needs.url).port,
    LOCAL_OPERATOR_EMAIL: operator.email,
    LOCAL_OPERATOR_PASSWORD: operator.password,
    LOCAL_OPERATOR_TOKEN: operator.token,
  };
}
