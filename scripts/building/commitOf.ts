import { execFileSync } from 'node:child_process';

export interface Commit {
  /** As it stands in names and versions. */
  readonly short: string;
  readonly commit: string;
  readonly madeAt: string;
}

/** The commit that a checkout is at. Throws where it is none. */
export function commitOf(root: string): Commit {
  const args = ['show', '-s', '--format=%H %cI', 'HEAD'];
  const [commit = '', madeAt = ''] = execFileSync('git', args, { cwd: root, encoding: 'utf8' })
    .trim()
    .split(' ');
  return { short: commit.slice(0, 12), commit, madeAt };
}
