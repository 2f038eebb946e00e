import type { PolicyResource, ResourceValidationPolicy, StackValidationPolicy } from '@pulumi/policy';
import type { Rule, Subject } from '../../infra/policies/rule.ts';

/** A resource as rules meet it; what is left out is as a program leaves it. */
export interface Sample {
  readonly type: string;
  readonly name?: string;
  readonly props?: Readonly<Record<string, unknown>>;
  readonly protect?: boolean;
  /** Names of the resources that a property was made from. */
  readonly from?: Readonly<Record<string, readonly string[]>>;
}

/** What a rule says of these resources, each judged by itself or all together, whichever it does. */
export async function judged(rule: Pick<Rule, 'policy'>, samples: readonly Sample[]): Promise<string[]> {
  const resources = resourcesOf(samples);
  return judgedResources(rule, { asked: resources, made: resources });
}

/** Rules of single resources judge what a program asks for, those of stacks what came of it. */
export async function judgedResources(
  { policy }: Pick<Rule, 'policy'>,
  { asked, made }: { readonly asked: readonly PolicyResource[]; readonly made: readonly PolicyResource[] },
): Promise<string[]> {
  const said: string[] = [];
  const report = (message: string): void => void said.push(message);
  if (isForStacks(policy)) await policy.validateStack({ resources: [...made], ...surroundings }, report);
  else for (const resource of asked) await oneByOne(policy, resource, report);
  return said;
}

export function ruleOf({ rules }: Subject, name: string): Rule {
  const rule = rules.find((one) => one.name === name);
  if (rule === undefined) throw new Error(`there is no rule ${name}`);
  return rule;
}

async function oneByOne(
  policy: ResourceValidationPolicy,
  resource: PolicyResource,
  report: (message: string) => void,
): Promise<void> {
  for (const validate of [policy.validateResource ?? []].flat()) {
    await validate({ ...resource, ...surroundings, asType: () => undefined }, report);
  }
}

function isForStacks(
  policy: ResourceValidationPolicy | StackValidationPolicy,
): policy is StackValidationPolicy {
  return 'validateStack' in policy;
}

const surroundings = {
  stackTags: new Map<string, string>(),
  getConfig: (): never => ({}) as never,
  notApplicable: (reason?: string): never => {
    throw new Error(reason);
  },
};

function resourcesOf(samples: readonly Sample[]): PolicyResource[] {
  const resources = samples.map(resourceOf);
  const named = new Map(resources.map((resource) => [resource.name, resource]));
  samples.forEach(({ from = {} }, index) => {
    for (const [property, sources] of Object.entries(from)) {
      const found = sources.map((source) => named.get(source)).filter((source) => source !== undefined);
      resources[index]!.propertyDependencies[property] = found;
    }
  });
  return resources;
}

export function resourceOf({ type, name = 'it', props = {}, protect = false }: Sample): PolicyResource {
  const urn = `urn:pulumi:test::datasync::${type}::${name}`;
  return policyResource({ type, name, props, urn, protect });
}

export function policyResource({
  protect,
  ...resource
}: Pick<PolicyResource, 'type' | 'name' | 'props' | 'urn'> & { readonly protect: boolean }): PolicyResource {
  return {
    ...resource,
    opts: {
      protect,
      ignoreChanges: [],
      aliases: [],
      customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
      additionalSecretOutputs: [],
    },
    dependencies: [],
    propertyDependencies: {},
    isType: () => false,
    asType: () => undefined,
  };
}
