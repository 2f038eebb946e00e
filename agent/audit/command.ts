import type { Credential, JobConfiguration } from '../../shared/contract/agents.ts';
import { terminalLines } from '../../shared/domain/escaping/terminalText.ts';
import { quoted } from '../../shared/domain/quoted.ts';
import { pathIn } from '../../shared/domain/relativePath.ts';
import { AgentEnd } from '../exitCodes.ts';
import { redact } from '../logging/redact.ts';
import { azureShareFiles } from '../share/azureShareFiles.ts';
import { shareRetries, withRetry } from '../share/retry.ts';
import { ShareFault } from '../share/shareFault.ts';
import type { FileOnShare } from '../share/shareFiles.ts';
import { createShareHealth } from '../share/shareHealth.ts';
import { openSourceFile } from '../source/sourceFile.ts';
import { type Identity, readIdentity } from '../state/identity.ts';
import { auditJob } from './auditJob.ts';
import { type AuditCommandLine, auditUsage, readAuditCommandLine } from './commandLine.ts';
import { type AuditExitCode, auditExitCodes, exitCodeOf, type JobFindings } from './findings.ts';
import { listShare } from './listShare.ts';
import { jsonReport, textReport } from './report.ts';

export interface AuditCommand {
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly now: () => number;
}

const TRY_TIMEOUT_MS = 60_000;

/** `agent audit`: compares sources with the share and prints what it finds. Resolves with its exit code; never rejects. */
export async function runAudit(command: AuditCommand): Promise<AuditExitCode> {
  try {
    const commandLine = readAuditCommandLine(command.argv, command.env);
    if (commandLine === undefined) {
      command.out(`${auditUsage}\n`);
      return auditExitCodes.equal;
    }
    return await auditAll(commandLine, command);
  } catch (error) {
    command.err(`${terminalLines(redact(messageOf(error)))}\n`);
    return auditExitCodes.failed;
  }
}

async function auditAll(commandLine: AuditCommandLine, { out, now }: AuditCommand): Promise<AuditExitCode> {
  const identity = readIdentity(commandLine.stateFolder);
  const findings: JobFindings[] = [];
  for (const job of jobsOf(identity, commandLine)) {
    const credential = credentialFor(identity, job, now());
    findings.push(
      await auditJob(job, {
        openSource: openSourceFile,
        listShare: ({ sharePath }) => listShare(credential, sharePath, TRY_TIMEOUT_MS),
        look: looker(credential),
        now,
        quietMs: commandLine.graceMs,
        hashes: commandLine.hashes,
      }),
    );
  }
  const codes = findings.map((found) => exitCodeOf(found, commandLine.strict));
  const exitCode = codes.toSorted((a, b) => a - b).at(-1) ?? auditExitCodes.failed;
  out(commandLine.json ? jsonReport(findings, exitCode) : textReport(findings, exitCode));
  return exitCode;
}

function jobsOf({ jobs }: Identity, { jobs: wanted, stateFolder }: AuditCommandLine): JobConfiguration[] {
  if (jobs.length === 0)
    throw new Error(
      `reading the state in ${stateFolder}: it names no job; wanted: an approved agent with jobs`,
    );
  const isMeant = (job: JobConfiguration, name: string) => job.name === name || job.jobId === name;
  const unknown = wanted.find((name) => !jobs.some((job) => isMeant(job, name)));
  if (unknown !== undefined)
    throw new Error(
      `--job ${quoted(unknown)} is not known; wanted: one of ${jobs.map(({ name }) => quoted(name)).join(', ')}`,
    );
  return jobs.filter((job) => wanted.length === 0 || wanted.some((name) => isMeant(job, name)));
}

/** The agent renews its credential long before the end: one that ran out means that the agent has not been running. */
function credentialFor(
  { credentials }: Identity,
  { shareName }: JobConfiguration,
  nowMs: number,
): Credential {
  const held = credentials.find((credential) => credential.shareName === shareName);
  const wanted = 'wanted: let the agent run and reach its server, which renews it, and audit again';
  if (held === undefined)
    throw new Error(`opening the share ${shareName}: the agent holds no credential; ${wanted}`);
  if (Date.parse(held.expiresAt) <= nowMs)
    throw new Error(`opening the share ${shareName}: the credential ended at ${held.expiresAt}; ${wanted}`);
  return held;
}

/** Looks at single files, again where that can help; a refused credential is not replaced. */
function looker(credential: Credential) {
  const files = azureShareFiles({ address: () => credential, tryTimeoutMs: TRY_TIMEOUT_MS });
  const { unreachable, throttled } = shareRetries({ tries: 4, retryBaseMs: 500 });
  const dependencies = {
    retries: { ...(unreachable && { unreachable }), ...(throttled && { throttled }) },
    health: createShareHealth(),
    random: Math.random,
    credential: () => credential.sas,
    renewCredential: () => Promise.resolve(),
  };
  const { signal } = new AbortController();
  return ({ sharePath }: JobConfiguration, path: string): Promise<FileOnShare | undefined> => {
    const target = pathIn(sharePath, path);
    return withRetry(dependencies, signal, () => files.look(target, signal));
  };
}

function messageOf(error: unknown): string {
  if (error instanceof AgentEnd) return error.message;
  const text = error instanceof Error ? error.message : String(error);
  const more = error instanceof ShareFault && error.kind === 'auth' ? '; the credential was refused' : '';
  return `agent audit: ${text}${more}`;
}
