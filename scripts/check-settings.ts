import { readFileSync } from 'node:fs';
import { type AppSettings, missingSettings } from './deploying/missingSettings.ts';

// npm run -s check-settings: what `az functionapp config appsettings list` prints is piped in. Exit code 0: nothing that the
// functions need is missing; 1: something is; 2: that was no such list.
try {
  const missing = missingSettings(JSON.parse(readFileSync(process.stdin.fd, 'utf8')) as AppSettings);
  if (missing.length > 0)
    console.error(`The app lacks ${missing.join(', ')}; docs/settings.md says what they are.`);
  else console.log('Every required setting is there.');
  process.exitCode = missing.length > 0 ? 1 : 0;
} catch (error) {
  console.error(
    `check-settings: ${error instanceof Error ? error.message : String(error)}; wanted: a list of settings`,
  );
  process.exitCode = 2;
}
