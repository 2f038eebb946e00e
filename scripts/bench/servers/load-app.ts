import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * What the worker does at a cold start: loads the app, then says that it has started. Prints how long the load took, until
 * telemetry was set up where the environment asks for it, and what memory the process holds.
 */
const [folder = ''] = process.argv.slice(2);
const began = performance.now();
const cpuBefore = process.cpuUsage();
await import(pathToFileURL(join(folder, 'app.mjs')).href);
const loadMs = performance.now() - began;
const cpu = process.cpuUsage(cpuBefore);
const cpuMs = (cpu.user + cpu.system) / 1e3;
const memoryMb = process.memoryUsage().rss / 1e6;
const core = createRequire(join(folder, 'app.mjs'))('@azure/functions-core') as { start(): void };
core.start();
const api = Symbol.for('opentelemetry.js.api.1');
const isSetUp = (): boolean =>
  (globalThis as unknown as Record<symbol, { readonly metrics?: unknown } | undefined>)[api]?.metrics !==
  undefined;
if (process.env['APPLICATIONINSIGHTS_CONNECTION_STRING'] !== undefined)
  while (!isSetUp()) await new Promise((resolve) => setImmediate(resolve));
const readyMs = performance.now() - began;
const readyMb = process.memoryUsage().rss / 1e6;
process.stdout.write(`${JSON.stringify({ loadMs, cpuMs, memoryMb, readyMs, readyMb })}\n`);
process.exit(0);
