import type { ProblemError } from '../../shared/client/index.ts';
import { type FileResult, fileResult } from '../../shared/contract/agents.ts';

/** What the server did not like, with where. */
export function refusalText({ message, problem }: ProblemError): string {
  const faults = (problem.errors ?? []).slice(0, 3).map((fault) => `${fault.pointer} ${fault.message}`);
  return [message, ...faults].join('; ').slice(0, 2000);
}

/** What the server is told in the place of a result that it refused: a failed file, with nothing in it but path and reason. */
export function refusedResult({ path }: FileResult, reason: string): FileResult {
  return {
    path: acceptablePath(path),
    outcome: 'report_refused',
    sizeBytes: null,
    mtimeMs: null,
    sha256: null,
    archivedPath: null,
    etag: null,
    shareModifiedAt: null,
    bytesSent: 0,
    attempts: 0,
    error: `the server refused the report of this file: ${plain(reason)}`,
  };
}

function acceptablePath(path: string): string {
  return fileResult.shape.path.safeParse(path).success
    ? plain(path)
    : `(unnamed) ${plain(path).replace(/[./]/g, '_')}`.slice(0, 4000);
}

/** Without control characters and halves of characters. */
function plain(text: string): string {
  return text.toWellFormed().replace(/\p{Cc}/gu, '\uFFFD');
}
