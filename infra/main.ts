import * as pulumi from '@pulumi/pulumi';
import { readConfiguration, valuesOf } from './configuration/read.ts';
import { provision } from './program.ts';

/** What `pulumi up` runs. Its exports are the stack's outputs. */
const project = pulumi.getProject();
const configuration = readConfiguration(valuesOf(pulumi.runtime.allConfig(), project));

export const { resourceGroup, functionApp, hostStorageAccount, filesStorageAccount, sqlServer, keyVault } =
  await provision({ configuration, project, stack: pulumi.getStack() });
