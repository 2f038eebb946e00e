import * as pulumi from '@pulumi/pulumi';
import { readConfiguration, valuesOf } from './configuration/read.ts';
import { provision } from './program.ts';

/** What `pulumi up` runs. Its exports are the stack's outputs. */
const project = pulumi.getProject();
const configuration = readOrRefuse();

export const {
  resourceGroup,
  functionApp,
  stagingSlot,
  url,
  hostStorageAccount,
  filesStorageAccount,
  sqlServer,
  database,
  databaseFailover,
  databaseFailback,
  keyVault,
  filesCredential,
  identityName,
  identityClientId,
  applicationInsights,
  copyShares,
} = await provision({ configuration, project, stack: pulumi.getStack(), now: new Date() });

/** Pulumi prints a RunError as its text alone: whoever mistyped a key needs no stack. */
function readOrRefuse(): ReturnType<typeof readConfiguration> {
  try {
    return readConfiguration(valuesOf(pulumi.runtime.allConfig(), project));
  } catch (error) {
    throw new pulumi.RunError((error as Error).message);
  }
}
