import {
  appendFileSync,
  cpSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { AgentEnd, exitCodes } from '../../agent/exitCodes.ts';
import { archives, cycle, lastOutcomes, put, startAgent, storedHashes, until } from '../support/agent.ts';
import { type ArchiveUnderTest, hashesBelow } from '../support/archive.ts';
import { refusing } from '../support/meddling.ts';

const { open, closeAll } = archives();
afterEach(closeAll);

/** Counts requests that would write to the share, by refusing them all. */
function refuseWrites(archive: ArchiveUnderTest): () => number {
  const fault = archive.files.faults.add({ match: { method: 'PUT' }, action: { kind: 'shareFull' } });
  return () => archive.files.faults.list().find(({ id }) => id === fault)?.struck ?? 0;
}

async function exitOf(agent: { ended: Promise<void> }): Promise<unknown> {
  return agent.ended.then(
    () => exitCodes.stopped,
    (error: unknown) => (error instanceof AgentEnd ? error.exitCode : error),
  );
}

describe('agent: F1, enrolment', () => {
  it('F1 waits for approval under a pairing code and sends nothing but the key’s hash', async () => {
    const archive = await open();
    archive.plane.approval = 'pending';
    const agent = startAgent(archive);
    await until(() => archive.plane.enrolments.length > 1);
    expect(archive.plane.heartbeats).toEqual([]);
    archive.plane.approval = 'approved';
    await until(() => archive.plane.runs.length > 0);
    await agent.stop();
    const [first, second] = archive.plane.enrolments;
    expect(second).toEqual(first);
    expect(agent.lines.join('')).toContain(`pairingCode=${first?.pairingCode ?? '?'}`);
    const sealed = readFileSync(join(archive.state, 'state.dat'), 'latin1');
    expect(sealed).not.toMatch(/dsa_|sig=|pairing/);
    expect(statSync(join(archive.state, 'state.key')).mode & 0o777).toBe(0o600);
  });

  it.each([
    [
      'enrolment is rejected',
      exitCodes.rejected,
      (archive: ArchiveUnderTest) => {
        archive.plane.approval = 'rejected';
      },
    ],
    [
      'runner is superseded',
      exitCodes.superseded,
      (archive: ArchiveUnderTest) => {
        archive.plane.refuse = { code: 'runner-superseded' };
      },
    ],
    [
      'state was cloned',
      exitCodes.cloned,
      (archive: ArchiveUnderTest) => {
        archive.plane.refuse = { endpoint: 'agent-heartbeat', code: 'instance-cloned' };
      },
    ],
    [
      'version is not supported',
      exitCodes.versionUnsupported,
      (archive: ArchiveUnderTest) => {
        archive.plane.refuse = { code: 'agent-version-unsupported' };
      },
    ],
  ])('F1 B48 ends with an exit code of its own, and no loop, when its %s', async (_, exitCode, arrange) => {
    const archive = await open();
    arrange(archive);
    expect(await exitOf(startAgent(archive))).toBe(exitCode);
  });

  it('F1 superseded during a run ends the agent too', async () => {
    const archive = await open();
    await put(archive, 'a.geo', 'alpha');
    archive.plane.refuse = { endpoint: 'agent-run-complete', code: 'runner-superseded' };
    expect(await exitOf(startAgent(archive))).toBe(exitCodes.superseded);
  });

  it('F1 a state folder that another agent works on is refused, and free again when that one ends', async () => {
    const archive = await open();
    const first = startAgent(archive);
    await until(() => archive.plane.runs.length > 0);
    expect(await exitOf(startAgent(archive))).toBe(exitCodes.stateInUse);
    await first.stop();
    await cycle(archive);
  });

  it('F1 a key that the server no longer knows enrols again by itself, and writes no file twice', async () => {
    const archive = await open();
    await put(archive, 'd/a.geo', 'alpha');
    await put(archive, 'd/b.geo', Buffer.alloc(5_000_000, 1));
    await cycle(archive);
    archive.plane.forgetEverything();
    const written = refuseWrites(archive);
    const agent = startAgent(archive, { settings: { jobs: [] } });
    await until(() => archive.plane.runs.some(({ status }) => status === 'complete'));
    await agent.stop();
    expect(agent.lines.join('')).toContain('401');
    expect(archive.plane.enrolments.at(-1)?.keyHash).toBe(archive.plane.enrolments[0]?.keyHash);
    expect(lastOutcomes(archive)).toEqual({ 'd/a.geo': 'already_archived', 'd/b.geo': 'already_archived' });
    expect(written()).toBe(0);
  });

  it('F1 F6 restarted while a rebuilt server’s operator has not let it in again, it goes on archiving', async () => {
    const archive = await open();
    await cycle(archive);
    archive.plane.forgetEverything();
    archive.plane.approval = 'pending';
    const before = startAgent(archive);
    await until(() => before.lines.join('').includes('Waiting for approval'));
    await before.stop();
    await put(archive, 'a.geo', 'alpha');
    const agent = startAgent(archive);
    await until(async () => (await storedHashes(archive)).has('a.geo'));
    archive.plane.approval = 'approved';
    await until(() => archive.plane.heartbeats.some(({ status }) => status === 'idle'));
    await agent.stop();
    await cycle(archive);
    expect(archive.plane.resultsOf('a.geo').map(({ outcome }) => outcome)).toEqual(['archived']);
  });

  it('F1 B48 what a job hears ends an agent that waits to be let in again', async () => {
    const archive = await open();
    await cycle(archive);
    archive.plane.forgetEverything();
    archive.plane.approval = 'pending';
    const before = startAgent(archive);
    await until(() => before.lines.join('').includes('Waiting for approval'));
    await before.stop();
    archive.plane.refuse = { endpoint: 'agent-run-begin', code: 'runner-superseded' };
    expect(await exitOf(startAgent(archive))).toBe(exitCodes.superseded);
  });
});

describe('agent: lost and damaged state', () => {
  it.each([
    ['is lost', (state: string) => rmSync(state, { recursive: true })],
    ['has lost its key file', (state: string) => rmSync(join(state, 'state.key'))],
    ['is cut short', (state: string) => truncateSync(join(state, 'state.dat'), 40)],
    ['is not what was written', (state: string) => appendFileSync(join(state, 'state.dat'), 'x')],
  ])('F1 a state that %s means: enrol again, under a new key, and write nothing twice', async (_, damage) => {
    const archive = await open();
    await put(archive, 'a.geo', 'alpha');
    await cycle(archive);
    damage(archive.state);
    const written = refuseWrites(archive);
    await cycle(archive);
    expect(new Set(archive.plane.enrolments.map(({ keyHash }) => keyHash)).size).toBe(2);
    expect(archive.plane.runs.map(({ status }) => status)).toEqual(['complete', 'complete']);
    expect(written()).toBe(0);
  });

  it('F5 F15 a damaged local index is made anew, whatever the server knows', async () => {
    const archive = await open();
    for (const name of ['d/a.geo', 'd/b.geo', 'e/c.geo']) await put(archive, name, name);
    await cycle(archive);
    const index = join(archive.state, 'index');
    for (const file of readdirSync(index, { recursive: true, encoding: 'utf8' }))
      if (file.endsWith('.json')) truncateSync(join(index, file), 50);
    archive.plane.index.clear();
    archive.plane.runs.length = 0;
    await put(archive, 'd/new.geo', 'new');
    await cycle(archive);
    expect(lastOutcomes(archive)).toMatchObject({ 'd/new.geo': 'archived', 'd/a.geo': 'already_archived' });
    expect(await storedHashes(archive)).toEqual(await hashesBelow(archive.source));
    await cycle(archive);
    expect(lastOutcomes(archive)).toEqual({});
  });

  it('F6 a torn or damaged journal loses no file', async () => {
    const archive = await open();
    for (const name of ['a.geo', 'b.geo']) await put(archive, name, name);
    archive.plane.refuse = { endpoint: 'agent-run-complete', code: 'database-full' };
    await cycle(archive);
    const journal = join(archive.state, 'journal.jsonl');
    const text = readFileSync(journal, 'utf8');
    writeFileSync(journal, text.replace('"kind":"result"', '"kind":"rusult"').slice(0, -9));
    archive.plane.refuse = undefined;
    const lines = await cycle(archive);
    expect(lines.join('')).toContain('damaged lines');
    expect(archive.plane.index.size).toBe(2);
    expect(await storedHashes(archive)).toEqual(await hashesBelow(archive.source));
  });
});

describe('agent: F6, the server is away', () => {
  it('F6 results wait in the journal and ride along when the server answers again', async () => {
    const archive = await open();
    await put(archive, 'a.geo', 'alpha');
    archive.plane.refuse = { endpoint: 'agent-run-complete', code: 'unavailable' };
    await cycle(archive);
    expect(archive.plane.index.size).toBe(0);
    archive.plane.refuse = undefined;
    const written = refuseWrites(archive);
    await cycle(archive);
    expect(archive.plane.runs).toHaveLength(1);
    expect(archive.plane.runs[0]).toMatchObject({ status: 'complete' });
    expect(archive.plane.resultsOf('a.geo')).toHaveLength(1);
    expect(written()).toBe(0);
  });

  it('F6 goes on archiving on the credential that it holds, and does nothing twice meanwhile', async () => {
    const archive = await open({ scheduleSeconds: 1 });
    await put(archive, 'before.geo', 'before');
    await cycle(archive);
    archive.plane.down = true;
    await put(archive, 'during.geo', 'during');
    const agent = startAgent(archive);
    await until(() => agent.lines.filter((line) => line.includes('Cycle ended')).length > 2);
    await agent.stop();
    archive.plane.down = false;
    expect([...(await storedHashes(archive)).keys()]).toEqual(['before.geo', 'during.geo']);
    expect(archive.plane.index.size).toBe(1);
    await cycle(archive);
    expect(archive.plane.resultsOf('during.geo').map(({ outcome }) => outcome)).toEqual(['archived']);
    expect(archive.plane.invalid).toEqual([]);
  });

  it('F6 B37 a file that is held all through an outage is told of once, not once a cycle', async () => {
    const archive = await open();
    await cycle(archive);
    await put(archive, 'held.geo', 'held');
    archive.plane.down = true;
    for (let cycles = 0; cycles < 3; cycles += 1) await cycle(archive, { openSource: refusing('held.geo') });
    archive.plane.down = false;
    await cycle(archive);
    expect(archive.plane.told.map(({ outcome }) => outcome)).toEqual(['locked', 'archived']);
  });

  it('F4 a run that the agent lost is gone on with under its correlation id', async () => {
    const archive = await open();
    await put(archive, 'a.geo', 'alpha');
    await put(archive, 'slow.geo', Buffer.alloc(9_000_000, 1));
    archive.files.faults.add({ match: { operation: 'PutRange' }, action: { kind: 'silence' } });
    const agent = startAgent(archive);
    await until(() => archive.plane.runs[0]?.results.has('A.GEO') ?? false);
    await agent.stop();
    archive.files.faults.clear();
    await cycle(archive);
    expect(archive.plane.runs).toHaveLength(1);
    expect(archive.plane.runs[0]).toMatchObject({ status: 'complete' });
    expect(lastOutcomes(archive)).toEqual({ 'a.geo': 'archived', 'slow.geo': 'archived' });
  });

  it('F4 a run that a newer one replaced is left, and its results reach the index all the same', async () => {
    const archive = await open();
    await put(archive, 'a.geo', 'alpha');
    archive.plane.refuse = { endpoint: 'agent-run-complete', code: 'unavailable' };
    await cycle(archive);
    archive.plane.refuse = undefined;
    for (const run of archive.plane.runs) run.status = 'stale';
    await cycle(archive);
    expect(archive.plane.runs.map(({ status }) => status)).toEqual(['stale', 'complete']);
    expect(archive.plane.index.size).toBe(1);
  });

  it('F4 results that the server has lost are sent again when it counts too few', async () => {
    const archive = await open();
    for (let number = 0; number < 5; number += 1) await put(archive, `${String(number)}.geo`, String(number));
    await put(archive, 'last.geo', Buffer.alloc(9_000_000, 1), 10);
    archive.files.faults.add({
      match: { operation: 'PutRange' },
      action: { kind: 'slow', delayMs: 3000 },
      times: 1,
    });
    const agent = startAgent(archive, { once: true });
    await until(() => archive.plane.runs[0]?.results.size === 5);
    archive.plane.runs[0]?.results.clear();
    await agent.ended;
    expect(archive.plane.runs[0]?.results.size).toBe(6);
    expect(archive.plane.runs[0]?.status).toBe('complete');
  });

  it('F4 a run that the server has forgotten is begun again', async () => {
    const archive = await open();
    await put(archive, 'last.geo', Buffer.alloc(9_000_000, 1), 10);
    archive.files.faults.add({
      match: { operation: 'PutRange' },
      action: { kind: 'slow', delayMs: 2000 },
      times: 1,
    });
    const agent = startAgent(archive, { once: true });
    await until(() => archive.plane.runs.length === 1 && archive.files.faults.list()[0]?.struck === 1);
    archive.plane.runs.length = 0;
    await agent.ended;
    expect(archive.plane.runs).toMatchObject([{ status: 'complete' }]);
  });

  it('F1 B48 a copied state folder is two agents with one key and two nonces', async () => {
    const archive = await open();
    await cycle(archive);
    const copy = `${archive.state}-copy`;
    cpSync(archive.state, copy, { recursive: true });
    await cycle(archive, { settings: { state: copy } });
    expect(archive.plane.enrolments).toHaveLength(1);
    expect(new Set(archive.plane.heartbeats.map(({ instanceNonce }) => instanceNonce)).size).toBe(2);
  });
});
