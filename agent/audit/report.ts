import { terminalText } from '../../shared/domain/escaping/terminalText.ts';
import { quoted } from '../../shared/domain/quoted.ts';
import type { AuditExitCode, JobFindings } from './findings.ts';
import type { Apart } from './listSource.ts';

/** Names listed of each kind of finding; `--json` has all. */
const SHOWN = 100;

const VERDICTS: Readonly<Record<AuditExitCode, string>> = {
  0: 'equal',
  1: 'differences',
  2: 'the audit could not look at everything',
};

/** What was found, as lines for a person. Names are foreign text: each is quoted, so that none can forge a line. */
export function textReport(findings: readonly JobFindings[], exitCode: AuditExitCode): string {
  return [...findings.flatMap(jobLines), `verdict: ${VERDICTS[exitCode]}`]
    .map((line) => `${line}\n`)
    .join('');
}

/** The same as one document for a program. */
export function jsonReport(findings: readonly JobFindings[], exitCode: AuditExitCode): string {
  return `${JSON.stringify({ verdict: VERDICTS[exitCode], exitCode, jobs: findings }, null, 2)}\n`;
}

function jobLines(found: JobFindings): string[] {
  const kinds: readonly [string, readonly Apart[]][] = [
    ['missing', found.missing],
    ['different', found.different],
    ['extra', found.extra],
    ['cannot be read', found.unreadable],
    ['the share cannot hold the name', found.unsupported],
    ['still being written', found.stillWriting.map((path) => ({ path, reason: 'not judged' }))],
  ];
  return [...kinds.flatMap(([kind, files]) => list(kind, files)), summary(found)];
}

function list(kind: string, files: readonly Apart[]): string[] {
  const lines = files
    .slice(0, SHOWN)
    .map(({ path, reason }) => `${kind}: ${quoted(path)}: ${terminalText(reason)}`);
  return files.length > SHOWN ? [...lines, `${kind}: and ${String(files.length - SHOWN)} more`] : lines;
}

function summary(found: JobFindings): string {
  const counts: readonly [number, string][] = [
    [found.equal, 'equal'],
    [found.missing.length, 'missing'],
    [found.different.length, 'different'],
    [found.extra.length, 'extra'],
    [found.stillWriting.length, 'still being written'],
    [found.excluded.length, 'left out by the job'],
    [found.unsupported.length, 'with names that the share cannot hold'],
    [found.unreadable.length, 'that cannot be read'],
    [found.earlierVersions, 'earlier versions'],
  ];
  const told = counts.filter(([count], index) => count > 0 || index < 4);
  const where = `${quoted(found.source)} and ${quoted(found.share)}`;
  return `job ${quoted(found.name)}: ${where}: ${told.map(([count, what]) => `${String(count)} ${what}`).join(', ')}`;
}
