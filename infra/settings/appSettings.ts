import type * as pulumi from '@pulumi/pulumi';
import { poolOf } from '../configuration/pool.ts';
import type { StackConfiguration } from '../configuration/schema.ts';
import type { FunctionSetting } from './computed.ts';
import type { Plumbing } from './plumbing.ts';

/** What the settings of the app are made from, beside the configuration. */
export interface AppFacts {
  readonly configuration: StackConfiguration;
  readonly hostStorageName: pulumi.Input<string>;
  readonly clientId: pulumi.Input<string>;
  readonly filesCredentialUrl: pulumi.Input<string>;
  /** References into the vault, by setting. */
  readonly references: Readonly<Record<string, pulumi.Input<string>>>;
  /** `https://…` of the app, or of its slot. */
  readonly origin: string;
  readonly isStaging: boolean;
}

/** The compiler lets nothing in that is neither declared nor plumbing. */
export type AppSettings = Partial<Record<FunctionSetting | Plumbing, pulumi.Input<string>>>;

/** In a slot these stay where they are when it is exchanged with production. */
export const slotSettings: readonly FunctionSetting[] = [
  'BACKGROUND_WORK',
  'PUBLIC_ORIGINS',
  'TELEMETRY_ROLE',
];

export function appSettings(facts: AppFacts): AppSettings {
  const { configuration, clientId } = facts;
  const settings: AppSettings = {
    ...configuration.settings,
    ...facts.references,
    DB_POOL_MAX: String(poolOf(configuration).pool),
    FILES_CREDENTIAL_URL: facts.filesCredentialUrl,
    FILES_REDUNDANCY: configuration.files.redundancy,
    SHARE_SNAPSHOTS_KEEP: String(Math.min(configuration.files.snapshotDays, 190)),
    AZURE_CLIENT_ID: clientId,
    BACKGROUND_WORK: String(!facts.isStaging),
    PUBLIC_ORIGINS: (facts.isStaging ? undefined : configuration.settings['PUBLIC_ORIGINS']) ?? facts.origin,
    ...(facts.isStaging ? { TELEMETRY_ROLE: 'datasync-staging' } : {}),
    AzureWebJobsStorage__accountName: facts.hostStorageName,
    AzureWebJobsStorage__credential: 'managedidentity',
    AzureWebJobsStorage__clientId: clientId,
  };
  if (configuration.plan.kind === 'flexConsumption') return settings;
  return {
    ...settings,
    FUNCTIONS_EXTENSION_VERSION: '~4',
    FUNCTIONS_WORKER_RUNTIME: 'node',
    WEBSITE_RUN_FROM_PACKAGE: '1',
  };
}
