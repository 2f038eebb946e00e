import type { PolicyResource } from '@pulumi/policy';
import type { AzureType, KnownProps } from './azureTypes.ts';
import { knownPart } from './unknownValues.ts';
import { withoutVersion } from './urn.ts';

/** A resource of the whole stack, with what is known of it. */
export interface StackResource<T extends AzureType = AzureType> {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly props: KnownProps<T>;
  readonly isProtected: boolean;
  /** Whether a property was made from the other resource: names and ids may not be known yet, this always is. */
  refersTo(property: string, other: { readonly urn: string }): boolean;
}

export interface Stack {
  readonly resources: readonly StackResource[];
  of<T extends AzureType>(type: T): readonly StackResource<T>[];
}

export function stackOf(resources: readonly PolicyResource[]): Stack {
  const judged = resources.map(judgedResource);
  return {
    resources: judged,
    of: <T extends AzureType>(type: T) =>
      judged.filter((resource) => resource.type === type) as unknown as readonly StackResource<T>[],
  };
}

function judgedResource(resource: PolicyResource): StackResource {
  const { urn, name, type, props, opts, propertyDependencies } = resource;
  return {
    type: withoutVersion(type),
    name,
    urn,
    props: knownPart(props) as KnownProps<AzureType>,
    isProtected: opts.protect,
    refersTo: (property, other) =>
      (propertyDependencies[property] ?? []).some((dependency) => dependency.urn === other.urn),
  };
}
