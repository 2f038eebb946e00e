import packageJson from '../../package.json' with { type: 'json' };

/** Put in by `npm run build`; not there where the source runs as it is. */
declare const DATASYNC_COMMIT: string | undefined;

const build = typeof DATASYNC_COMMIT === 'undefined' ? '' : `+${DATASYNC_COMMIT}`;

/** From package.json; of a package with its commit, `0.1.0+0123456789ab`: two packages of one version are told apart. */
export const platformVersion: string = packageJson.version + build;
