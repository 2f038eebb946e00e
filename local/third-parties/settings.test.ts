import { expect, it } from 'vitest';
import { workflows } from '../../functions/connectors/index.ts';
import { readSettings } from '../../functions/platform/settings.ts';
import { missingSettings } from '../../functions/workflows/registry.ts';
import { partySettings } from './settings.ts';

it('L1 W7 every workflow of a connector can be started in the demo: its third party is simulated', () => {
  const settings = readSettings({
    DATABASE_URL: 'postgres://unused',
    FILES_CONNECTION_STRING: 'unused',
    AzureWebJobsStorage: 'unused',
    AUTH_SECRET: 'a'.repeat(44),
    DATASYNC_CI_UPLOAD_SECRET: 'c'.repeat(32),
    NODE_ENV: 'test',
    ...partySettings('http://127.0.0.1:4011'),
  });
  const lacking = workflows.filter((workflow) => missingSettings(workflow, settings).length > 0);
  expect(lacking.map(({ name }) => name)).toEqual([]);
});
