import { grants, roles } from '../../infra/parts/roles.ts';
import { absent, computed } from '../../infra/settings/computed.ts';
import { plumbing } from '../../infra/settings/plumbing.ts';
import type { Recording } from '../../test/infra/engine/recorded.ts';
import { leastConfiguration, recordStack } from '../../test/infra/recordProgram.ts';
import { configurationRows } from './infrastructure/configurationRows.ts';
import { pictureOf, tokenOf } from './infrastructure/picture.ts';
import { purposes } from './infrastructure/purposes.ts';
import { exampleStack } from './infrastructure/exampleStack.ts';
import { anotherStack, costs, failover, head, privately, proved } from './infrastructure/text.ts';
import { markdownTable } from './markdownTable.ts';

/** docs/infrastructure.md before it is formatted: what the program really asks Pulumi's engine for. */
export async function infrastructurePage(): Promise<string> {
  const standard = await recordStack();
  const { sql } = leastConfiguration;
  const others = [
    await recordStack({
      plan: { kind: 'flexConsumption' },
      sql: { ...sql, sku: 'S4' },
      network: { operatorAddresses: ['198.51.100.7'] },
    }),
    await recordStack({
      network: { private: true },
      redis: true,
      secondRegion: 'australiasoutheast',
      files: { redundancy: 'GZRS' },
    }),
  ];
  return [
    head,
    `## The picture\n\nThe default stack, recorded from a run of the program: a box is a part of it, an arrow leads to what a part needs.\n\n${pictureOf(standard)}\n`,
    resourceSection(standard, others),
    roleSection(),
    configurationSection(),
    settingsSection(),
    exampleStack(),
    privately,
    outputSection(standard),
    failover,
    anotherStack,
    costs,
    proved,
  ].join('\n');
}

/** Throws for a kind that is made and has no purpose, and for a purpose of what is not made when it says. */
function resourceSection(standard: Recording, others: readonly Recording[]): string {
  const always = namesByToken([standard]);
  const all = namesByToken([standard, ...others]);
  const unknown = [...all.keys()].filter((token) => !(token in purposes));
  const gone = Object.keys(purposes).filter((token) => !all.has(token));
  if (unknown.length + gone.length > 0)
    throw new Error(
      `scripts/documenting/infrastructure/purposes.ts does not fit the program: no purpose of ${unknown.join(', ') || 'none'}, nothing made of ${gone.join(', ') || 'none'}`,
    );
  const rows = Object.entries(purposes).map(([token, { for: text, when }]) => {
    const names = (all.get(token) ?? []).toSorted();
    const shown =
      names.length > 8 ? `${names.length} of them` : names.map((name) => `\`${name}\``).join(', ');
    return [`\`${token}\``, shown, text, when === undefined ? '' : `\`${when}\``];
  });
  const total = [...always.values()].flat().length;
  return `## Resources\n\nThe default stack has ${total}. Names are Pulumi’s; those in Azure end with the stack’s hash.\n\n${markdownTable(['type', 'names', 'what for', 'only with'], rows)}`;
}

function namesByToken(recordings: readonly Recording[]): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const { resources } of recordings)
    for (const { type, name } of resources) {
      if (!type.startsWith('azure-native:')) continue;
      const known = names.get(tokenOf(type)) ?? [];
      names.set(tokenOf(type), known.includes(name) ? known : [...known, name]);
    }
  return names;
}

function roleSection(): string {
  const where = {
    hostStorageId: 'the host’s account',
    releasesId: 'the container of releases',
    vaultId: 'the key vault',
  };
  const rows = grants.map(({ role, scope, why }) => [roles[role].name, where[scope], why]);
  return `## What the app may do\n\nRoles on data, on single resources, and none of management; beside them a database user that reads and writes rows.\n\n${markdownTable(['role', 'on', 'for'], rows)}`;
}

function configurationSection(): string {
  return `## Configuration\n\nWhat is wrong with it is said all at once, with what was wanted, before anything is made.\n\n${markdownTable(['key', 'what it is', 'default'], configurationRows())}
\`settings.<NAME>\` and \`secrets.<NAME>\` set what the functions read ([settings.md](settings.md)), except for what follows from the stack itself:
`;
}

function settingsSection(): string {
  const list = (of: Readonly<Record<string, string>>): string[][] =>
    Object.entries(of).map(([name, why]) => [`\`${name}\``, why]);
  return [
    markdownTable(['setting', 'is what'], list(computed)),
    'Not provisioned at all:\n',
    markdownTable(['setting', 'why'], list(absent)),
    'What Azure’s host reads and DataSync’s own code does not:\n',
    markdownTable(['name', 'what for'], list(plumbing)),
  ].join('\n');
}

function outputSection({ outputs }: Recording): string {
  const names = Object.keys(outputs)
    .toSorted()
    .map((name) => `\`${name}\``);
  return `## Outputs\n\nNames and addresses, no secret: ${names.join(', ')}. \`pulumi stack output\` shows them; scripts read them.\n`;
}
