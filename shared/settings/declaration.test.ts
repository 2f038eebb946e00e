import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { environmentReads } from '../../test/support/environmentReads.ts';
import { agentFile, type AgentSetting, agentSettings } from './agent.ts';
import { functionFamilies, functionSettings } from './functions.ts';
import { declaredSettings } from './index.ts';
import type { Reader } from './setting.ts';

const settings = declaredSettings();
const root = join(import.meta.dirname, '../..');

/** Read from the environment, and yet no setting: nobody configures DataSync by it. */
const plumbing: Readonly<Record<string, string>> = {
  PATH: 'the machine’s',
  TERM: 'the terminal’s',
  TZ: 'the machine’s',
  NO_COLOR: 'a convention of all terminals',
  CI: 'says that a pipeline runs the tests',
  NODE_COMPILE_CACHE: 'Node’s own',
  APPLICATION_INSIGHTS_NO_STATSBEAT: 'told to the library that sends telemetry',
  APPLICATIONINSIGHTS_OPENTELEMETRY_RESOURCE_METRIC_DISABLED: 'told to the library that sends telemetry',
  npm_lifecycle_event: 'says that npm started it',
  PARENT_PIPE: 'a supervisor hands it to its child',
  BENCH_DATABASE_URL: 'a benchmark hands it to its server',
  BENCH_CONNECTION_STRING: 'a benchmark hands it to its client',
};

/** They take names from the declaration. */
const byDeclaration = [
  'functions/platform/settings.ts',
  'agent/configuration/sources.ts',
  'functions/platform/telemetry/sending/secretValues.ts',
  'local/host/main.ts',
];

const folders: Readonly<Record<Reader, string>> = {
  functions: 'functions',
  agent: 'agent',
  'local platform': 'local',
  scripts: 'scripts',
};

const programs = globSync('{agent,functions,infra,local,scripts,shared}/**/*.{ts,sh,ps1}', { cwd: root })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => !/\.test\.ts$|\/node_modules\//.test(file));

describe('the declaration of settings', () => {
  it('D3 nothing is read from the environment that is not declared', () => {
    const known = new Set([...settings.map(({ name }) => name), ...Object.keys(plumbing)]);
    const reads = programs.flatMap((file) => environmentReads(join(root, file), file));
    const strange = reads.filter(({ place, name }) =>
      name === undefined ? !byDeclaration.some((file) => place.startsWith(`${file}:`)) : !known.has(name),
    );
    const lines = strange.map(({ place, name }) => `${place} ${name ?? 'a name reckoned at run time'}`);
    expect(lines, 'declare it in shared/settings, or name it in `plumbing` here').toEqual([]);
    const found = new Set(reads.map(({ name }) => name));
    expect(Object.keys(plumbing).filter((name) => !found.has(name))).toEqual([]);
  });

  it('D3 every setting is read by whom it names', () => {
    const unread = settings.flatMap(({ name, readBy }) =>
      readBy.filter((reader) => !isRead(name, reader)).map((reader) => `${name} by ${reader}`),
    );
    expect(unread).toEqual([]);
  });

  it('D3 what the functions read stands in a family, and so on the page and among the secrets', () => {
    const inFamilies = functionFamilies.flatMap(({ settings: family }) => Object.keys(family));
    expect(Object.keys(functionSettings).sort()).toEqual(inFamilies.sort());
  });

  it('D3 no name is declared twice', () => {
    const names = settings.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
  });

  it('D3 A3 what sounds like a secret is declared as one', () => {
    const sounding = settings.filter(({ name }) => /SECRET|PASSWORD|TOKEN|KEY|CONNECTION_STRING/.test(name));
    expect(sounding.filter(({ secret }) => secret !== true).map(({ name }) => name)).toEqual([]);
  });
});

const texts = Object.fromEntries(
  Object.entries(folders).map(([reader, folder]) => [
    reader,
    programs
      .filter((file) => file.startsWith(`${folder}/`))
      .map((file) => readFileSync(join(root, file), 'utf8'))
      .join('\n'),
  ]),
);

/** The agent's own code knows a setting by its name in the configuration. */
const agentNames = new Map<string, string>([
  ...Object.entries<AgentSetting>(agentSettings).map(
    ([key, { environment = '' }]) => [environment, key] as const,
  ),
  [agentFile.environment, 'agentFile'],
]);

function isRead(name: string, reader: Reader): boolean {
  const word = reader === 'agent' ? agentNames.get(name) : name;
  return new RegExp(`\\b${String(word)}\\b`).test(texts[reader] ?? '');
}
