import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { startTemplateServer } from './template-server.ts';
import type { TemplateServer } from './template-server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Answers with the server and template of this run, and starts them when first asked. */
    readonly databaseStarterUrl: string;
  }
}

/** Runs once a test project, in Vitest's own process; nothing is started until a test file asks for a database. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  let started: Promise<TemplateServer> | undefined;
  const server = createServer((_request, response) => {
    started ??= startTemplateServer();
    started.then(
      ({ adminUrl, template }) => response.end(JSON.stringify({ adminUrl, template })),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  project.provide('databaseStarterUrl', await listen(server));
  return async () => {
    await (await started)?.close();
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  };
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
}
