/** Every way in which sync-tool ends. `--help`, the documentation and the program read this one table. */
export const exits = {
  done: { code: 0, meaning: 'done; of a run that was waited for: it is complete' },
  runNotComplete: {
    code: 1,
    meaning: 'the run that was waited for ended partial, failed, stale or terminated',
  },
  usage: { code: 2, meaning: 'the call is wrong: an argument, the payload, an address' },
  notAllowed: { code: 3, meaning: 'not signed in, or not allowed' },
  notFound: { code: 4, meaning: 'there is no such workflow, run or job' },
  conflict: { code: 5, meaning: 'it is in a state that does not allow this, or is running already' },
  unreachable: { code: 6, meaning: 'the server did not answer, or cannot just now: try again later' },
  timedOut: { code: 7, meaning: 'the run goes on, but --timeout was over' },
  defect: { code: 70, meaning: 'sync-tool itself failed' },
  interrupted: { code: 130, meaning: 'Ctrl-C; a run that was waited for goes on' },
  readerGone: { code: 141, meaning: 'the reader of the output went away' },
} as const satisfies Readonly<Record<string, { readonly code: number; readonly meaning: string }>>;

export type ExitName = keyof typeof exits;

/** The table, a line a code. */
export function exitCodeLines(): string[] {
  return Object.values(exits).map(({ code, meaning }) => `  ${String(code).padStart(3)}  ${meaning}`);
}
