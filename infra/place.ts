import type * as pulumi from '@pulumi/pulumi';
import type { StackConfiguration } from './configuration/schema.ts';
import type { Names } from './names.ts';

/** Where a part is made, and what all parts are told. */
export interface Place {
  readonly configuration: StackConfiguration;
  readonly names: Names;
  readonly location: string;
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly resourceGroupId: pulumi.Input<string>;
}

/** Tags by which a bill and a finding find their owner. */
export function tagsOf(configuration: StackConfiguration, stack: string): Record<string, string> {
  const { owner, environment, tags } = configuration;
  return { ...tags, application: 'datasync', environment, owner, stack };
}
