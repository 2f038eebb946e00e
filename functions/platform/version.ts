import packageJson from '../../package.json' with { type: 'json' };

/** The platform's own version, from package.json. */
export const platformVersion: string = packageJson.version;
