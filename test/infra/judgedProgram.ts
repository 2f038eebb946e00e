import type { PolicyResource } from '@pulumi/policy';
import { subjects } from '../../infra/policies/policies.ts';
import { judgedResources, policyResource } from '../support/judging.ts';
import type { Recording } from './engine/recorded.ts';

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
