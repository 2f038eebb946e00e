import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { archives, cycle, lastOutcomes, put, startAgent, until } from '../support/agent.ts';
import type { ArchiveUnderTest } from '../support/archive.ts';

const { open, closeAll } = archives();
afterEach(closeAll);

const folderOf = (archive: ArchiveUnderTest) => join(archive.state, 'logs');
const fileNames = (archive: ArchiveUnderTest) =>
  readdirSync(folderOf(archive)).filter((name) => name.endsWith('.log'));
const kept = (archive: ArchiveUnderTest) =>
  fileNames(archive)
    .map((name) => readFileSync(join(folderOf(archive), name), 'utf8'))
    .join('');
const shipped = (archive: ArchiveUnderTest) => archive.plane.logs.map(({ message }) => message).join('\n');

describe('agent: F11, logs', () => {
  it('F11 keeps its log beside its state, and the server has it too, once', async () => {
    const archive = await open();
    await put(archive, 'a.geo', 'a');
    await cycle(archive);
    await cycle(archive);
    expect(fileNames(archive)).toEqual([`agent-${new Date().toISOString().slice(0, 10)}.log`]);
    expect(kept(archive).match(/"msg":"Cycle ended"/g)).toHaveLength(2);
    expect(kept(archive)).toContain('The agent has stopped');
    expect(shipped(archive).match(/Cycle ended/g)).toHaveLength(2);
    const keys = archive.plane.logs.map(({ at, sequence }) => `${at} ${String(sequence)}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect(archive.plane.invalid).toEqual([]);
  });

  it('F11 an operator finds what went wrong by the words of the documents', async () => {
    const archive = await open();
    const agent = startAgent(archive);
    await until(() => archive.plane.heartbeats.length > 0);
    archive.plane.down = true;
    await until(() => kept(archive).includes('Heartbeat failed: server unreachable'));
    archive.plane.down = false;
    archive.plane.forgetEverything();
    archive.plane.approval = 'pending';
    await until(() => kept(archive).includes('Heartbeat failed: 401 agent-key-unknown'));
    archive.plane.approval = 'approved';
    await until(() => shipped(archive).includes('401 agent-key-unknown'));
    expect(shipped(archive)).toContain('server unreachable');
    await agent.stop();
  });

  it('F11 says in its own file why it ended', async () => {
    const archive = await open();
    const agent = startAgent(archive);
    await until(() => archive.plane.heartbeats.length > 0);
    archive.plane.refuse = { code: 'runner-superseded' };
    await expect(agent.ended).rejects.toThrow(/superseded|taken this runner/);
    expect(kept(archive)).toMatch(/"level":"error".*"exitCode":3/);
  });

  it('B35 a server that takes no logs changes nothing for the archive', async () => {
    const archive = await open();
    await put(archive, 'a.geo', 'a');
    archive.plane.refuse = { endpoint: 'agent-logs', code: 'unavailable' };
    const lines = await cycle(archive);
    expect(lastOutcomes(archive)).toEqual({ 'a.geo': 'archived' });
    expect(lines.filter((line) => /WARN|ERROR/.test(line))).toEqual([]);
    archive.plane.refuse = undefined;
    await cycle(archive);
    expect(shipped(archive).match(/Cycle ended/g)).toHaveLength(2);
  });

  it('B37 keys and signatures are in no file of the folder', async () => {
    const archive = await open();
    await put(archive, 'a.geo', 'a');
    archive.files.faults.add({ match: { method: 'PUT' }, action: { kind: 'sasExpired' } });
    const agent = startAgent(archive);
    await until(() => archive.plane.heartbeats.length > 0);
    await until(() => kept(archive).includes('The share refused the credential'));
    await agent.stop();
    for (const name of readdirSync(folderOf(archive))) {
      const path = join(folderOf(archive), name);
      expect(readFileSync(path, 'utf8')).not.toMatch(/sig=(?!REDACTED)|dsa_/);
      expect(statSync(path).mode & 0o077).toBe(0);
    }
  });
});
