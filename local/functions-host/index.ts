export { startFunctionsHost } from './functions-host.ts';
export type { FunctionsHost, FunctionsHostOptions } from './functions-host.ts';
