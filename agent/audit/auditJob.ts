import { lstatSync } from 'node:fs';
import type { JobConfiguration } from '../../shared/contract/agents.ts';
import { bySourceFile, judgeHeld } from '../../shared/domain/heldOnShare.ts';
import { foldPath } from '../../shared/domain/paths.ts';
import type { SourceFile } from '../source/sourceFile.ts';
import { boundedTasks } from '../sync/boundedTasks.ts';
import { collectFindings, type JobFindings } from './findings.ts';
import { type Judged, judgeByContent, type Judging } from './judgeByContent.ts';
import type { ListedFile } from './listShare.ts';
import { type Files, listSource, type SourceListing } from './listSource.ts';

export interface AuditDependencies extends Omit<Judging, 'job'> {
  readonly listShare: (job: JobConfiguration) => Promise<readonly ListedFile[]>;
  /** Every byte of the source is read and compared with the hash that its copy carries. */
  readonly hashes: boolean;
}

const AT_ONCE = 8;

/**
 * Compares a job's source with its share, by looking at both and at nothing else: size and time of every file, and the
 * content of those that differ in them, or of all. What changes meanwhile is looked at again before it is called a
 * difference. Rejects when the source is not there or the share does not answer.
 */
export async function auditJob(job: JobConfiguration, dependencies: AuditDependencies): Promise<JobFindings> {
  const source = listSource(job);
  const onShare = await dependencies.listShare(job);
  const archived = bySourceFile(onShare);
  const findings = collectFindings(job, source);
  const tasks = boundedTasks(AT_ONCE);
  for (const [folded, files] of source.files) {
    const copies = archived.get(folded) ?? [];
    findings.earlierVersions(Math.max(0, copies.length - 1));
    const alike = files.find((file) => judgeHeld(copies, (copy) => looksLike(copy, file)) === 'held');
    if (alike !== undefined && !dependencies.hashes) findings.judged(alike, files, { held: 'held' });
    else
      await tasks.run(async () => {
        const { file, judged } = await judgeAny({ ...dependencies, job }, startingWith(alike, files), copies);
        findings.judged(file, files, judged);
      });
  }
  await tasks.finish();
  const known = namesOf(source);
  for (const { path, sourcePath, whole } of onShare) {
    if (known.has(foldPath(sourcePath)) || stands(job, sourcePath)) continue;
    findings.extra(path, whole ? 'not on the source' : 'begun, never finished, and not on the source');
  }
  return findings.all();
}

function looksLike(copy: ListedFile, file: SourceFile): boolean {
  return copy.sizeBytes === file.sizeBytes && copy.lastWriteMs === file.mtimeMs;
}

function startingWith(file: SourceFile | undefined, files: Files): Files {
  return file === undefined ? files : [file, ...files.filter((other) => other !== file)];
}

/** Of files whose names differ only in case the share can hold one: it is enough that one of them is there. */
async function judgeAny(
  judging: Judging,
  files: Files,
  copies: readonly ListedFile[],
): Promise<{ readonly file: SourceFile; readonly judged: Judged }> {
  const [first, ...others] = files;
  const judged = await judgeByContent(judging, first, copies);
  for (const file of judged.held === 'held' ? [] : others) {
    const other = await judgeByContent(judging, file, copies);
    if (other.held === 'held') return { file, judged: other };
  }
  return { file: first, judged };
}

function namesOf({ files, excluded, unsupported }: SourceListing): Set<string> {
  const others = [...excluded, ...unsupported.map(({ path }) => path)];
  return new Set([...files.keys(), ...others.map(foldPath)]);
}

/** It may have come while the share was listed. */
function stands({ sourcePath: root }: JobConfiguration, path: string): boolean {
  return lstatSync(`${root}/${path}`, { throwIfNoEntry: false })?.isFile() === true;
}
