export { startAzurite } from './azurite.ts';
export type { Azurite, AzuriteOptions, AzuritePorts } from './azurite.ts';
