import type { SourceFile } from '../source/sourceFile.ts';

/**
 * Remembers since when files have looked the same. A file is quiet when its own times are old enough, or when this
 * agent has seen it unchanged for that long: so a file whose time lies in the future is archived too.
 */
export interface QuietWatch {
  readonly quietMs: number;
  isQuiet(file: SourceFile): boolean;
  /** Forgets files that are no longer waited for. */
  keepOnly(paths: ReadonlySet<string>): void;
}

export interface QuietRules {
  readonly quietMs: number;
  /** The wall clock, which the file's times are of. */
  readonly now: () => number;
  /** A clock that never jumps, for what the agent has seen itself. */
  readonly monotonicMs: () => number;
}

export function watchQuiet({ quietMs, now, monotonicMs }: QuietRules): QuietWatch {
  const seen = new Map<string, { identity: string; sinceMs: number }>();
  return {
    quietMs,
    isQuiet: (file) => {
      const age = now() - Math.max(file.mtimeMs, file.ctimeMs);
      if (age >= quietMs) return true;
      const identity = `${String(file.sizeBytes)} ${String(file.mtimeMs)} ${String(file.ctimeMs)}`;
      const known = seen.get(file.path);
      if (known?.identity === identity) return monotonicMs() - known.sinceMs >= quietMs;
      seen.set(file.path, { identity, sinceMs: monotonicMs() });
      return quietMs === 0;
    },
    keepOnly: (paths) => {
      for (const path of seen.keys()) if (!paths.has(path)) seen.delete(path);
    },
  };
}
