import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly 'continue-on-error'?: unknown;
}
interface Job {
  readonly steps?: readonly Step[];
  readonly uses?: string;
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly 'continue-on-error'?: unknown;
}
interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly defaults: { readonly run: { readonly shell: string } };
  readonly jobs: Readonly<Record<string, Job>>;
}

const root = join(import.meta.dirname, '../..');
const folder = join(root, '.github/workflows');
const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
const workflows = texts.map((text) => parse(text) as Workflow);
const jobs = workflows.flatMap((workflow) => Object.values(workflow.jobs));
const steps = jobs.flatMap((job) => job.steps ?? []);
const commands = steps.flatMap(({ run = '' }) => run.split('\n')).map((line) => line.trim());
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Readonly<Record<string, string>>;
};
const release = parse(readFileSync(join(folder, 'release.yml'), 'utf8')) as Workflow;
const stack = parse(readFileSync(join(folder, 'deploy-stack.yml'), 'utf8')) as Workflow;
const order = (stack.jobs['deploy']?.steps ?? []).map(({ run = '' }) => run);
const placeOf = (text: string) => order.findIndex((run) => run.includes(text));

describe('the workflows of CI/CD', () => {
  it('D8 call only what there is', () => {
    const called = commands.flatMap((line) =>
      [...line.matchAll(/npm run (?:-s )?([\w:-]+)/g)].map(([, name]) => name),
    );
    expect(called.length).toBeGreaterThan(3);
    expect(called.filter((name = '') => scripts[name] === undefined)).toEqual([]);
    const programs = commands.flatMap((line) => line.match(/scripts\/[\w.-]+/g) ?? []);
    for (const program of programs) accessSync(join(root, program), constants.X_OK);
    const local = jobs.flatMap(({ uses = '' }) => (uses.startsWith('./') ? [uses] : []));
    expect(local.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('D8 a failure is never hidden, that of npm ci least of all', () => {
    const installs = steps.filter(({ run = '' }) => run.includes('npm ci'));
    expect(installs.map(({ run }) => run?.trim())).toEqual(installs.map(() => 'npm ci'));
    expect(commands.filter((line) => /npm (i|install)\b|\|\| *(true|:)|set \+e/.test(line))).toEqual([]);
    expect([...jobs, ...steps].filter((part) => part['continue-on-error'] !== undefined)).toEqual([]);
    // Without a name the shell does not fail within a pipe.
    for (const { defaults } of workflows) expect(defaults.run.shell).toBe('bash');
  });

  it('D8 what goes into a file is said when it fails, and no later step works with what is left of it', () => {
    const preview = order[placeOf('pulumi preview')] ?? '';
    expect(preview).toMatch(
      /> plan\.json \|\| \{\s+jq -r '\.diagnostics\[\]\?\.message' plan\.json[^\n]*\n\s+exit 1\s+\}/,
    );
    // A version alone would not tell a package from the one before.
    expect(placeOf('VERSION=\\(.says)')).not.toBe(-1);
  });

  it('D8 hold no secret: they sign in by OpenID Connect', () => {
    expect(texts.filter((text) => /\bsecrets\.|password|creds:/i.test(text))).toEqual([]);
    expect(stack.permissions).toEqual({ contents: 'read', 'id-token': 'write' });
    expect(release.permissions).toEqual({ contents: 'read' });
  });

  it('D8 nothing is deployed that was not tested, built and scanned; production waits for staging and for a person', () => {
    expect(release.jobs['staging']?.needs).toEqual(['test', 'build']);
    expect(release.jobs['production']?.needs).toBe('staging');
    expect(release.jobs['production']?.if).toContain('refs/heads/main');
    expect(stack.jobs['deploy']?.environment).toBe('${{ inputs.stack }}');
    const tested = (release.jobs['test']?.steps ?? []).map(({ run }) => run);
    expect(tested).toEqual(expect.arrayContaining(['npm test', 'npm audit --omit=dev --audit-level=high']));
  });

  it('D8 each step comes after what it rests on', () => {
    const wanted = [
      'scripts/judge-plan plan.json',
      'az keyvault secret show --vault-name "$VAULT" --name DATASYNC-CI-UPLOAD-SECRET --query id',
      'check-settings',
      'scripts/migrate --app-user',
      'scripts/deploy package',
      'smoke -- --url "$looked_at"',
      'scripts/fidelity-audit.sh',
      'scripts/deploy swap',
      'scripts/deploy record',
      'smoke -- --url "$URL"',
      'scripts/migrate --contract',
      'agent.file',
    ];
    const places = wanted.map(placeOf);
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(order[placeOf('check-settings')]?.match(/appsettings list[^\n]*/g)).toEqual([
      expect.not.stringContaining('--slot'),
      expect.stringContaining('--slot "$SLOT"'),
    ]);
    const provision = order[placeOf('judge-plan')] ?? '';
    expect(provision.indexOf('judge-plan')).toBeLessThan(provision.indexOf('pulumi up'));
    expect(order[placeOf('fidelity-audit')]).toMatch(/\[ "\$code" -lt 2 \]\s*$/);
  });
});
