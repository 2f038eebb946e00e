import type { PolicyResource } from '@pulumi/policy';
import { subjects } from '../../infra/policies/policies.ts';
import type { Analyzer } from '../support/analyzer.ts';
import { judgedResources, policyResource } from '../support/judging.ts';
import type { RecordedResource, Recording } from './engine/recorded.ts';

const rules = subjects.flatMap((subject) => subject.rules);

/** What each rule of the pack says of a recorded run, as `rule: message`. */
export async function judgedProgram(recording: Recording): Promise<string[]> {
  const resources = { asked: resourcesOf(recording, 'inputs'), made: resourcesOf(recording, 'outputs') };
  const said = await Promise.all(
    rules.map(async (rule) =>
      (await judgedResources(rule, resources)).map((says) => `${rule.name}: ${says}`),
    ),
  );
  return said.flat();
}

/** What the running pack forbids of a recorded run, and what it puts off. */
export async function analyzedProgram(
  recording: Recording,
  analyzer: Analyzer,
): Promise<{ readonly forbidden: string[]; readonly putOff: string[] }> {
  const single = await Promise.all(resourcesOf(recording, 'inputs').map((one) => analyzer.analyze(one)));
  const whole = await analyzer.analyzeStack(resourcesOf(recording, 'outputs'));
  const verdicts = [...single.flat(), ...whole].map(({ message, ...verdict }) => ({
    ...verdict,
    says: `${verdict.policy}: ${message}`,
  }));
  return {
    forbidden: verdicts.filter(({ isMandatory }) => isMandatory).map(({ says }) => says),
    putOff: verdicts.filter(({ isMandatory }) => !isMandatory).map(({ policy }) => policy),
  };
}

/** Stands, on the wire, for what is known only once it is made. */
const unknown = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

/** The same run as the preview before a first update knows it: whatever Azure makes up, and whatever comes from that, is open. */
export function previewed(recording: Recording): Recording {
  const made = new Map(recording.resources.map((resource) => [resource.urn, textsMadeOf(resource)]));
  const opened = (resource: RecordedResource): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(resource.inputs).map(([property, value]) => {
        const sources = resource.propertyDependencies[property] ?? [];
        return [property, open(value, new Set(sources.flatMap((urn) => made.get(urn) ?? [])))];
      }),
    );
  return {
    ...recording,
    resources: recording.resources.map((resource) => {
      const inputs = opened(resource);
      const computed = Object.keys(resource.outputs).filter((key) => !(key in inputs));
      return {
        ...resource,
        inputs,
        outputs: { ...inputs, ...Object.fromEntries(computed.map((key) => [key, unknown])) },
      };
    }),
  };
}

/** The id and all that is no input. */
function textsMadeOf({ id, inputs, outputs }: RecordedResource): string[] {
  const computed = Object.entries(outputs).filter(([key]) => !(key in inputs));
  return [id, ...computed.flatMap(([, value]) => textsIn(value))].filter((text) => text !== '');
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function open(value: unknown, made: ReadonlySet<string>): unknown {
  if (typeof value === 'string') return [...made].some((text) => value.includes(text)) ? unknown : value;
  if (Array.isArray(value)) return value.map((item) => open(item, made));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, open(inner, made)]));
}

function resourcesOf({ resources, outputs }: Recording, side: 'inputs' | 'outputs'): PolicyResource[] {
  const judged = resources.map((resource) => {
    const { type, name, urn, isProtected: protect } = resource;
    const props = type === 'pulumi:pulumi:Stack' ? outputs : resource[side];
    return policyResource({ type, name, urn, protect, props: { ...props } });
  });
  const byUrn = new Map(judged.map((resource) => [resource.urn, resource]));
  resources.forEach(({ propertyDependencies }, index) => {
    for (const [property, urns] of Object.entries(propertyDependencies)) {
      judged[index]!.propertyDependencies[property] = urns
        .map((urn) => byUrn.get(urn))
        .filter((resource) => resource !== undefined);
    }
  });
  return judged;
}
