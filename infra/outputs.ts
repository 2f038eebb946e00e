import * as pulumi from '@pulumi/pulumi';
import type { Restore } from './configuration/restore.ts';
import { STAGING_SLOT } from './names.ts';
import type { Parts } from './program.ts';

/** What scripts and people need to go on with: names and addresses, no secret. */
export interface Outputs {
  readonly resourceGroup: pulumi.Input<string>;
  readonly functionApp: pulumi.Output<string>;
  readonly stagingSlot: string;
  readonly url: string;
  readonly hostStorageAccount: pulumi.Output<string>;
  readonly filesStorageAccount: pulumi.Output<string>;
  readonly sqlServer: pulumi.Output<string>;
  readonly database: pulumi.Output<string>;
  readonly keyVault: pulumi.Output<string>;
  readonly filesCredential: string;
  readonly identityName: pulumi.Output<string>;
  readonly identityClientId: pulumi.Output<string>;
  readonly applicationInsights: pulumi.Output<string>;
  /** Commands, for a person to run; empty without a second region. */
  readonly databaseFailover: pulumi.Output<string>;
  readonly databaseFailback: pulumi.Output<string>;
  readonly copyShares: pulumi.Output<readonly string[]>;
}

export function outputsOf(parts: Parts): Outputs {
  const { place, hostStorage, files, database, vault, monitoring, app, identity } = parts;
  return {
    resourceGroup: place.resourceGroupName,
    functionApp: app.app.name,
    stagingSlot: app.slot === undefined ? '' : STAGING_SLOT,
    url: app.origin,
    hostStorageAccount: hostStorage.account.name,
    filesStorageAccount: files.account.name,
    sqlServer: database.host,
    database: database.database.name,
    keyVault: vault.vault.name,
    filesCredential: 'files-connection',
    identityName: identity.identity.name,
    identityClientId: identity.identity.clientId,
    applicationInsights: monitoring.insights.name,
    ...failoversOf(parts),
    copyShares: files.account.name.apply((account) => copiesOf(place.configuration.restore, account)),
  };
}

/** Run on the server that is to be the primary. Only away from a region that is gone may what had not arrived be lost. */
function failoversOf({ place, database: { server, standby } }: Parts) {
  const { names, resourceGroupName } = place;
  const promote = (to: pulumi.Input<string>, more = '') =>
    pulumi.interpolate`az sql failover-group set-primary --resource-group ${resourceGroupName} --server ${to} --name ${names.failoverGroup}${more}`;
  const none = pulumi.output('');
  return {
    databaseFailover: standby === undefined ? none : promote(standby.server.name, ' --allow-data-loss'),
    databaseFailback: standby === undefined ? none : promote(server.name),
  };
}

/** Nothing but a copy fills a share from a snapshot; who runs it signs in, so that no key stands in a command. */
function copiesOf(restore: Restore | undefined, account: string): readonly string[] {
  const of = (name: string, share: string): string => `https://${name}.file.core.windows.net/${share}`;
  return (restore?.shares ?? []).map(
    ({ name, sourceAccount, sourceShare, snapshot }) =>
      `azcopy copy '${of(sourceAccount, sourceShare)}/*?sharesnapshot=${snapshot}' '${of(account, name)}/' --recursive --preserve-info=true`,
  );
}
