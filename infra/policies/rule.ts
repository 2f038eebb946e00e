import type { ResourceValidationPolicy, StackValidationPolicy } from '@pulumi/policy';
import type { AzureType, KnownProps, Props } from './azureTypes.ts';
import { type Stack, type StackResource, stackOf } from './stack.ts';
import { knownPart } from './unknownValues.ts';
import { withoutVersion } from './urn.ts';

/** What is wrong and what would be right; the resource's name is put before it. */
export interface Breach {
  readonly is: string;
  readonly wanted: string;
}

/** A resource that a rule does not judge, by its name in the program, and why it must not. */
export interface Exception {
  readonly resource: string;
  readonly reason: string;
}

export interface Rule {
  readonly name: string;
  /** One sentence for people, on the page of policies and in front of every breach. */
  readonly wants: string;
  readonly exceptions: readonly Exception[];
  readonly policy: ResourceValidationPolicy | StackValidationPolicy;
}

/** Rules about one thing; a file each. */
export interface Subject {
  readonly title: string;
  readonly rules: readonly Rule[];
}

interface Stated {
  readonly name: string;
  readonly wants: string;
  readonly exceptions?: readonly Exception[];
}

interface ResourceRule<T extends AzureType> extends Stated {
  readonly types: readonly T[];
  readonly breaches: (props: Props<T>, resource: Placed<T>) => readonly Breach[];
}

/** What the program says of a resource beside its properties. */
interface Placed<T extends AzureType> {
  readonly isProtected: boolean;
  /** For a rule about several properties that need not wait for each other; what it left out it judges when it is known. */
  readonly known: () => KnownProps<T>;
}

/**
 * Judges each resource of these types by itself, by what the program asks for, before it is made. Reading what is not
 * known yet puts the judgement off to the moment before the resource is made.
 */
export function resourceRule<const T extends AzureType>(rule: ResourceRule<T>): Rule {
  const { types, breaches } = rule;
  const judged: ReadonlySet<string> = new Set(types);
  return ruleOf(rule, {
    validateResource: ({ type, name, props, opts }, report) => {
      if (!judged.has(withoutVersion(type)) || isExcepted(name, rule)) return;
      const known = () => knownPart(props) as KnownProps<T>;
      for (const breach of breaches(props as Props<T>, { isProtected: opts.protect, known }))
        report(sentence({ type, name }, breach));
    },
  });
}

/** A breach of the stack as a whole names no resource. */
export interface StackBreach extends Breach {
  readonly of?: Pick<StackResource, 'name' | 'type' | 'urn'>;
}

interface StackRule extends Stated {
  readonly breaches: (stack: Stack) => readonly StackBreach[];
}

/** Judges resources by each other, once all are known: at the end of a preview, and again at the end of an update. */
export function stackRule(rule: StackRule): Rule {
  return ruleOf(rule, {
    validateStack: ({ resources }, report) => {
      for (const { of, ...breach } of rule.breaches(stackOf(resources)))
        if (of === undefined || !isExcepted(of.name, rule)) report(sentence(of, breach), of?.urn);
    },
  });
}

/** What both kinds of rule have in common: a name, a wish, and exceptions that people can read. */
function ruleOf(
  { name, wants, exceptions = [] }: Stated,
  judging: Pick<ResourceValidationPolicy, 'validateResource'> | Pick<StackValidationPolicy, 'validateStack'>,
): Rule {
  return { name, wants, exceptions, policy: { name, description: wants, ...judging } };
}

function isExcepted(resource: string, { exceptions = [] }: Stated): boolean {
  return exceptions.some((exception) => exception.resource === resource);
}

/** `azure-native:storage:StorageAccount` → `StorageAccount`. */
function kindOf(type: string): string {
  return type.slice(type.lastIndexOf(':') + 1);
}

function sentence(of: { readonly type: string; readonly name: string } | undefined, breach: Breach): string {
  const subject = of === undefined ? 'The stack' : `${kindOf(of.type)} “${of.name}”`;
  return `${subject} ${breach.is}; wanted: ${breach.wanted}.`;
}
