import { expect, it } from 'vitest';
import { recordProgram, recordStack } from './recordProgram.ts';

it('D1 the program makes the platform, and complains of nothing', async () => {
  const { resources, complaints } = await recordStack();
  const types = new Set(resources.map(({ type }) => type));
  for (const type of [
    'azure-native:resources:ResourceGroup',
    'azure-native:storage:StorageAccount',
    'azure-native:storage:FileShare',
    'azure-native:sql:Database',
    'azure-native:keyvault:Vault',
    'azure-native:web:WebApp',
  ])
    expect(types).toContain(type);
  expect(complaints).toEqual([]);
});

it('D4 data is protected: no change of the program deletes or replaces it', async () => {
  const data = /:(?:ResourceGroup|FileShare|Database|Server|Vault)$/;
  const resources = (await recordProgram()).filter(({ type, isCustom }) => isCustom && data.test(type));
  expect(resources.length).toBeGreaterThanOrEqual(5);
  expect(resources.filter(({ isProtected }) => !isProtected).map(({ urn }) => urn)).toEqual([]);
});
