import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AgentEnd, exitCodes } from '../exitCodes.ts';
import { flagOptions, readConfiguration } from './sources.ts';
import { agentUsage } from './usage.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'datasync-configuration-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const required = ['--server', 'http://localhost:7071/', '--state', 'state'];

function file(content: unknown): string {
  const path = join(folder, 'agent.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

function refusal(argv: string[], env: NodeJS.ProcessEnv = {}): AgentEnd {
  try {
    readConfiguration({ argv, env });
  } catch (error) {
    if (error instanceof AgentEnd) return error;
    throw error;
  }
  throw new Error('the configuration was taken');
}

describe('readConfiguration', () => {
  it('F3 lets flags win over environment, and environment over file', () => {
    const argv = [...required, '--config', file({ quietSeconds: 1, concurrency: 2, logLevel: 'debug' })];
    const env = { DATASYNC_QUIET_SECONDS: '5', DATASYNC_CONCURRENCY: '6' };
    const { configuration } = readConfiguration({ argv: [...argv, '--concurrency', '9'], env });
    expect(configuration).toMatchObject({
      server: 'http://localhost:7071',
      quietSeconds: 5,
      concurrency: 9,
      logLevel: 'debug',
    });
  });

  it('F3 makes a job of the source flags, beside those of the file', () => {
    const jobs = [{ name: 'one', kind: 'tree', sourcePath: '/one' }];
    const argv = [
      ...required,
      '--config',
      file({ jobs }),
      '--source',
      '/two',
      '--job',
      'two',
      '--kind',
      'geometry',
      '--cap',
      '7',
    ];
    const { configuration, once } = readConfiguration({ argv: [...argv, '--once'], env: {} });
    expect(configuration.jobs.map(({ name, sourceCap }) => [name, sourceCap])).toEqual([
      ['one', null],
      ['two', 7],
    ]);
    expect(once).toBe(true);
  });

  it.each([
    [['--state', 's'], 'server is missing; wanted'],
    [['--server', 'ftp://x', '--state', 's'], 'server: "ftp://x" is no address; wanted: http:// or https://'],
    [
      ['--server', 'nonsense', '--state', 's'],
      'server: "nonsense" is no address; wanted: http:// or https://',
    ],
    [[...required, '--quiet-seconds', 'soon'], 'quietSeconds: '],
    [[...required, '--colour', 'red'], '--colour'],
    [[...required, '--job', 'alone'], 'wanted: --source DIR too'],
    [[...required, '--source', '/x', '--kind', 'cube'], 'jobs.0.kind: '],
    [[...required, '--config', '/nowhere.json'], 'reading the configuration file /nowhere.json'],
  ])('F3 refuses %j with what is wanted', (argv, text) => {
    const end = refusal(argv);
    expect(end.exitCode).toBe(exitCodes.badConfiguration);
    expect(end.message).toContain(text);
  });

  it('F3 refuses a file with unknown settings or that is no object', () => {
    expect(refusal([...required, '--config', file({ quietSecnods: 1 })]).message).toContain('quietSecnods');
    expect(refusal([...required, '--config', file('[]')]).message).toContain('wanted: a JSON object');
    expect(refusal([...required, '--config', file('{')]).message).toContain('wanted: a JSON object');
  });

  it('F3 --help names every flag that is read, and no other', () => {
    const named = new Set([...agentUsage.matchAll(/--([a-z-]+)/g)].map(([, flag]) => flag));
    expect([...named].toSorted()).toEqual([...Object.keys(flagOptions), 'help'].toSorted());
  });
});
