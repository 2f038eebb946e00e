import type { RecordedResource, Recording } from '../../../test/infra/engine/recorded.ts';

/** A picture of a recorded run: a box a part with what it is made of, an arrow where a part needs what another has. */
export function pictureOf({ resources }: Recording): string {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const parts = resources.filter(({ type }) => type.startsWith('datasync:'));
  const boxes = parts.map((part) => `  ${idOf(part)}["${labelOf(part, resources)}"]`);
  const arrows = new Set<string>();
  for (const resource of resources) {
    const part = byUrn.get(resource.parent);
    if (part?.type.startsWith('datasync:') !== true) continue;
    for (const urn of resource.dependencies) {
      const needed = byUrn.get(byUrn.get(urn)?.parent ?? '');
      if (needed?.type.startsWith('datasync:') === true && needed !== part)
        arrows.add(`  ${idOf(part)} --> ${idOf(needed)}`);
    }
  }
  return ['```mermaid', 'flowchart LR', ...boxes.sort(), ...[...arrows].sort(), '```'].join('\n');
}

function idOf({ name }: RecordedResource): string {
  return name.replaceAll('-', '_');
}

function labelOf(part: RecordedResource, resources: readonly RecordedResource[]): string {
  const counts = new Map<string, number>();
  for (const { parent, type } of resources)
    if (parent === part.urn) counts.set(tokenOf(type), (counts.get(tokenOf(type)) ?? 0) + 1);
  const lines = [...counts].map(([token, count]) => (count === 1 ? token : `${token} × ${count}`));
  return [`<b>${part.name}</b>`, ...lines.sort()].join('<br/>');
}

/** `azure-native:sql:Database` → `sql:Database`. */
export function tokenOf(type: string): string {
  return type.replace(/^azure-native:/, '');
}
