import { join } from 'node:path';
import { type Deployment, inFolder, type Packages } from './packages.ts';
import type { Target } from './target.ts';

export interface Parts {
  readonly packages: Packages;
  readonly target: Target;
  readonly now: () => Date;
  readonly say: (line: string) => void;
}

export interface Release {
  readonly version: string;
  readonly commit: string;
  readonly app: { readonly file: string };
}

/** Keeps a package, then deploys it to where it can be looked at. */
export async function deploy(
  { packages, target, say }: Parts,
  folder: string,
  release: Release,
): Promise<void> {
  const path = join(folder, release.app.file);
  await packages.keep(path, release.app.file);
  const where = await target.deploy(path);
  say(`${release.app.file} is in ${where}.`);
}

export async function record(
  { packages, now, say }: Parts,
  release: Release,
  audit: Deployment['audit'],
): Promise<void> {
  const { version, commit, app } = release;
  const at = now().toISOString();
  await packages.record({ at, file: app.file, version, commit, audit, by: 'deployment' });
  say(`Recorded ${version} (${commit.slice(0, 12)}), audit ${audit}.`);
}

export async function history({ packages, say }: Parts): Promise<void> {
  const entries = await packages.history();
  if (entries.length === 0) say('Nothing was deployed yet.');
  for (const { at, version, commit, audit, by } of entries)
    say(`${at}  ${version}  ${commit.slice(0, 12)}  audit ${audit}  ${by}`);
}

/**
 * Deploys a package again that was deployed before: the one of that version or commit, by default the last one that is not the present
 * one, and brings it to production. Migrations stay: what they expanded, older code runs on.
 */
export async function rollback({ packages, target, now, say }: Parts, to: string | undefined): Promise<void> {
  const entries = await packages.history();
  const chosen = choose(entries, to);
  await inFolder(async (folder) => {
    const path = join(folder, chosen.file);
    await packages.fetch(chosen.file, path);
    await target.deploy(path);
    await target.swap();
  });
  await packages.record({ ...chosen, at: now().toISOString(), audit: 'not run', by: 'rollback' });
  say(
    `Production runs ${chosen.version} (${chosen.commit.slice(0, 12)}) again. Next: the smoke test and the audit.`,
  );
}

/** Of the history, the newest first. Throws when there is no such package. */
export function choose(entries: readonly Deployment[], to: string | undefined): Deployment {
  const [present] = entries;
  const chosen =
    to === undefined
      ? entries.find(({ file }) => file !== present?.file)
      : entries.find(({ version, commit }) => version === to || (to.length >= 7 && commit.startsWith(to)));
  if (chosen !== undefined) return chosen;
  const known = [...new Set(entries.map(({ version, commit }) => `${version} (${commit.slice(0, 12)})`))];
  throw new Error(
    `no package ${to ?? 'before the present one'} was deployed; wanted: one of ${known.join(', ') || 'none, nothing was deployed yet'}`,
  );
}
