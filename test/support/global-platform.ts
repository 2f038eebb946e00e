import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { startTestPlatform, type TestPlatform } from './platform.ts';
import { copyTemplate, runAsAdmin, startTemplateServer, urlOfDatabase } from './template-server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Answers with the one platform of this run, and starts it when first asked. */
    readonly platformStarterUrl: string;
  }
}

/** Where the platform that all test files of a run share is to be found. */
export interface SharedPlatform {
  readonly url: string;
  readonly dataDir: string;
  readonly databaseUrl: string;
}

interface Started extends SharedPlatform {
  close(): Promise<void>;
}

/** Three instruments, so that what one test does to one does not hinder the others. */
const FLEET = { fleet: 3, rate: 20 };

/** Runs once for the project, in Vitest's own process; nothing is started until a test file asks for the platform. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  let started: Promise<Started> | undefined;
  const server = createServer((_request, response) => {
    started ??= start();
    started.then(
      ({ url, dataDir, databaseUrl }) => response.end(JSON.stringify({ url, dataDir, databaseUrl })),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  server.requestTimeout = 0;
  project.provide('platformStarterUrl', await listen(server));
  return async () => {
    await (await started)?.close();
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  };
}

/** On a database of the tests' own server, so that a test can put a row's times back instead of waiting for a day. */
async function start(): Promise<Started> {
  const databases = await startTemplateServer();
  const name = `datasync_e2e_${randomUUID().slice(0, 8)}`;
  await copyTemplate(databases, name);
  const databaseUrl = urlOfDatabase(databases.adminUrl, name);
  let platform: TestPlatform;
  try {
    platform = await startTestPlatform({ ...FLEET, env: { DATABASE_URL: databaseUrl } });
  } catch (error) {
    await databases.close();
    throw error;
  }
  return {
    url: platform.url,
    dataDir: platform.dataDir,
    databaseUrl,
    close: async () => {
      await platform.stop();
      await runAsAdmin(databases.adminUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await databases.close();
    },
  };
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
}
