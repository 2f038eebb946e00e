import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Log } from '../log.ts';
import { startChildProcess } from '../processes/child.ts';
import type { ChildExit, RunningChild } from '../processes/child.ts';
import { claimDataFolder } from './data-folder-claim.ts';

export interface AzuriteOptions {
  /** Created when absent; one Azurite at a time may use it. */
  readonly dataDir: string;
  /** 0, the default, takes a free port. */
  readonly blobPort?: number;
  readonly queuePort?: number;
  readonly tablePort?: number;
  readonly log: Log;
}

export interface AzuritePorts {
  readonly blobPort: number;
  readonly queuePort: number;
  readonly tablePort: number;
}

export interface Azurite {
  readonly connectionString: string;
  /** The ports taken; give them to the next start, and addresses handed out stay true. */
  readonly ports: AzuritePorts;
  readonly pid: number;
  /** Resolves when the process is gone, wanted or not. */
  readonly exited: Promise<ChildExit>;
  /** Lets it write its data down and end. Azurite saves what it knows every 5 s: a kill -9 may lose that much. */
  close(): Promise<void>;
}

/** Azurite's published account and key; they protect nothing. */
const account = 'devstoreaccount1';
const key = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

const startLimitMs = 60_000;
const stopGraceMs = 10_000;

/**
 * Starts Azurite (blobs, queues and tables) on 127.0.0.1 and waits until all three listen. Waits for an Azurite
 * that a dead parent left behind on the same folder to finish writing.
 * Rejects with what Azurite printed when it ends before that.
 */
export async function startAzurite(options: AzuriteOptions): Promise<Azurite> {
  const { dataDir, log } = options;
  await mkdir(dataDir, { recursive: true });
  const claim = await claimDataFolder(dataDir);
  const printed: string[] = [];
  const listening = Promise.withResolvers<AzuritePorts>();
  const child = await startChildProcess({
    name: 'azurite',
    entry: createRequire(import.meta.url).resolve('azurite/dist/src/azurite.js'),
    args: argumentsFor(options),
    cwd: dataDir,
    log,
    onLine: (line) => {
      log('debug', line, { process: 'azurite' });
      if (printed.length < 100) printed.push(line);
      const ports = readPorts(printed);
      if (ports !== undefined) listening.resolve(ports);
    },
  });
  await claim.hold(child.pid);
  const ports = await waitForPorts(child, listening.promise, printed);
  return {
    connectionString: azuriteConnectionString(ports),
    ports,
    pid: child.pid,
    exited: child.exited,
    close: async () => {
      await child.stop(stopGraceMs);
      await claim.release();
    },
  };
}

function argumentsFor({ dataDir, blobPort = 0, queuePort = 0, tablePort = 0 }: AzuriteOptions): string[] {
  const ports = { blobPort, queuePort, tablePort };
  return [
    '--silent',
    '--skipApiVersionCheck',
    '--disableTelemetry',
    '--location',
    dataDir,
    ...Object.entries(ports).flatMap(([name, port]) => [`--${name}`, String(port)]),
  ];
}

/** Azurite prints the address of each service once it listens there, with the port it was given for 0. */
function readPorts(printed: readonly string[]): AzuritePorts | undefined {
  const portOf = (service: string): number | undefined => {
    const pattern = new RegExp(`Azurite ${service} service is successfully listening at .*:(\\d+)`);
    const line = printed.map((one) => pattern.exec(one)?.[1]).find((port) => port !== undefined);
    return line === undefined ? undefined : Number(line);
  };
  const [blobPort, queuePort, tablePort] = ['Blob', 'Queue', 'Table'].map(portOf);
  if (blobPort === undefined || queuePort === undefined || tablePort === undefined) return undefined;
  return { blobPort, queuePort, tablePort };
}

async function waitForPorts(
  child: RunningChild,
  listening: Promise<AzuritePorts>,
  printed: readonly string[],
): Promise<AzuritePorts> {
  const timer = setTimeout(() => {
    child.kill();
  }, startLimitMs);
  const ended = child.exited.then(({ code, signal }) => {
    throw new Error(
      `Azurite ended (${signal ?? `exit code ${code ?? 'unknown'}`}) before it listened. It printed: ${printed.join(' | ')}`,
    );
  });
  try {
    return await Promise.race([listening, ended]);
  } finally {
    clearTimeout(timer);
    ended.catch(() => undefined);
  }
}

/** What the SDKs connect with. */
export function azuriteConnectionString({ blobPort, queuePort, tablePort }: AzuritePorts): string {
  const address = (port: number): string => `http://127.0.0.1:${port}/${account}`;
  return [
    'DefaultEndpointsProtocol=http',
    `AccountName=${account}`,
    `AccountKey=${key}`,
    `BlobEndpoint=${address(blobPort)}`,
    `QueueEndpoint=${address(queuePort)}`,
    `TableEndpoint=${address(tablePort)}`,
  ].join(';');
}
