import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type LocalCredentials, openCredentials, saveCredentials, withFilesPort } from './credentials.ts';
import { ensureDashboard } from './dashboard-build.ts';
import type { DataFolder } from './data-folder.ts';
import { approveOwnAgents, INSTRUMENT_CAP, type LocalAgent, prepareAgents } from './demo-agents.ts';
import { type HostNeeds, hostSettings } from './host-settings.ts';
import { keepAzurite } from './kept-azurite.ts';
import { keepPostgres } from './kept-postgres.ts';
import { openLogFile } from './log-files.ts';
import type { PlatformOptions } from './options.ts';
import { freePort, isFree, portToListenOn } from './ports.ts';
import { openProcessList } from './process-list.ts';
import { partySettings } from '../third-parties/settings.ts';
import { supervise, type SupervisedOptions } from './supervised.ts';

const root = path.resolve(import.meta.dirname, '../..');

export interface RunningPlatform {
  /** Of the first host. */
  readonly url: string;
  /** Of every host. */
  readonly urls: readonly [string, ...string[]];
  readonly credentials: LocalCredentials;
  /** Stops everything in the reverse order of its start. */
  stop(): Promise<void>;
}

interface Stage {
  readonly options: PlatformOptions;
  readonly data: DataFolder;
  readonly stopSignal: AbortSignal;
  readonly onStop: (stop: () => Promise<void> | void) => void;
  readonly notePid: (name: string, pid: number) => void;
}

/**
 * Starts the whole platform below one data folder and waits until its health is 200. When a part cannot be started,
 * what runs already is stopped and the reason is thrown.
 */
export async function startPlatform(
  options: PlatformOptions,
  data: DataFolder,
  stopSignal: AbortSignal,
): Promise<RunningPlatform> {
  const processes = await openProcessList(data);
  const stops: (() => Promise<void> | void)[] = [];
  const stop = async (): Promise<void> => {
    for (const one of stops.splice(0).reverse()) await one();
    processes.clear();
  };
  const stage: Stage = {
    options,
    data,
    stopSignal,
    onStop: (one) => stops.push(one),
    notePid: processes.note,
  };
  try {
    return { ...(await startParts(stage)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startParts(stage: Stage): Promise<Omit<RunningPlatform, 'stop'>> {
  const { data, options } = stage;
  const urls = await addresses(options);
  const [databaseUrl, queues, credentials, dashboardDir, apis] = await allOf([
    startDatabase(stage),
    startQueues(stage),
    startFiles(stage),
    ensureDashboard(),
    startThirdParties(stage),
  ]);
  for (const [index, url] of urls.entries()) {
    const name = index === 0 ? 'host' : `host-${String(index + 1)}`;
    await startHost(stage, { name, url, databaseUrl, queues, credentials, dashboardDir, apis });
  }
  await Promise.all(urls.map((url) => waitUntilHealthy(url)));
  const agents = prepareAgents(options, data, urls);
  if (options.fleetSize > 0) await startInstruments(stage);
  await Promise.all(agents.map((agent) => startAgent(stage, agent)));
  const approvals = approveOwnAgents({
    serverUrl: urls[0],
    token: credentials.operator.token,
    agents,
    onProblem: partLog(stage, 'approvals'),
  });
  stage.onStop(() => {
    approvals.stop();
  });
  return { url: urls[0], urls, credentials };
}

/** One address a host: the port that was asked for and those after it, or free ones for 0. */
async function addresses({ port, hosts }: PlatformOptions): Promise<[string, ...string[]]> {
  const at = (own: number): string => `http://127.0.0.1:${String(own)}`;
  const urls: [string, ...string[]] = [at(await portToListenOn(port))];
  for (let index = 1; index < hosts; index += 1) {
    urls.push(at(await portToListenOn(port === 0 ? 0 : port + index)));
  }
  return urls;
}

/** Like Promise.all, but waits for all before it throws: a part that still starts could not be stopped otherwise. */
async function allOf<T extends readonly Promise<unknown>[]>(
  parts: readonly [...T],
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(parts);
  return await Promise.all(parts);
}

async function startDatabase(stage: Stage): Promise<string> {
  const { options, data } = stage;
  const url = options.databaseUrl ?? `embedded:${data.at('postgres')}`;
  if (!url.startsWith('embedded:')) return url;
  const file = openLogFile(data.at('logs'), 'postgres');
  const log = partLog(stage, 'postgres');
  const server = await keepPostgres({
    dataDir: path.resolve(url.slice('embedded:'.length)),
    log: (level, message, fields) => {
      log({ level, message, ...fields });
    },
    onLine: (line) => {
      file.write(line);
    },
    stopSignal: stage.stopSignal,
    onPid: (pid) => {
      stage.notePid('postgres', pid);
    },
  });
  stage.onStop(() => server.close());
  return server.url;
}

async function startQueues(stage: Stage): Promise<string> {
  const log = partLog(stage, 'azurite');
  const queues = await keepAzurite({
    dataDir: stage.data.at('azurite'),
    log: (level, message, fields) => {
      log({ level, message, ...fields });
    },
    stopSignal: stage.stopSignal,
    onPid: (pid) => {
      stage.notePid('azurite', pid);
    },
  });
  stage.onStop(() => queues.close());
  return queues.connectionString;
}

/** The file server keeps its port over restarts: agents hold addresses that name it. */
async function startFiles(stage: Stage): Promise<LocalCredentials> {
  const { data } = stage;
  const kept = await openCredentials(data.root);
  const port = kept.files.port !== 0 && (await isFree(kept.files.port)) ? kept.files.port : await freePort();
  const credentials = await saveCredentials(data.root, withFilesPort(kept, port));
  await superviseHere(stage, {
    name: 'azure-files',
    entry: path.join(root, 'local/azure-files/main.ts'),
    args: [
      ...['--port', String(port), '--data', data.at('files'), '--account', credentials.files.accountName],
      ...(stage.options.takesFaults ? ['--faults'] : []),
    ],
    env: { ...process.env, AZURE_FILES_KEY: credentials.files.accountKey },
    readyLine: /FileEndpoint=/,
  });
  return credentials;
}

interface HostPart extends HostNeeds {
  readonly name: string;
  readonly apis: Readonly<Record<string, string>>;
}

/**
 * The APIs that connectors speak to, simulated beside the simulated instruments; gives the settings that lead there. With a real
 * folder nothing is simulated: connectors have the settings of this process, or none.
 */
async function startThirdParties(stage: Stage): Promise<Readonly<Record<string, string>>> {
  if (stage.options.sourceDir !== undefined) return {};
  const port = await freePort();
  await superviseHere(stage, {
    name: 'third-parties',
    entry: path.join(root, 'local/third-parties/main.ts'),
    args: ['--port', String(port)],
    readyLine: /^ready /,
  });
  return partySettings(`http://127.0.0.1:${String(port)}`);
}

async function startHost(stage: Stage, needs: HostPart): Promise<void> {
  await superviseHere(stage, {
    name: needs.name,
    entry: path.join(root, 'local/host/main.ts'),
    env: { ...needs.apis, ...process.env, ...hostSettings(needs, process.env) },
    readyLine: /^ready /,
    stopGraceMs: 15_000,
  });
}

async function startInstruments(stage: Stage): Promise<void> {
  const { options, data } = stage;
  await superviseHere(stage, {
    name: 'fleet',
    entry: path.join(root, 'local/fleet/main.ts'),
    args: [
      '--dir',
      data.at('fleet'),
      '--count',
      String(options.fleetSize),
      '--rate',
      String(options.filesPerMinute),
      '--cap',
      String(INSTRUMENT_CAP),
    ],
  });
}

/** Six agents share this machine with everything else: small young generation, few malloc arenas. */
const smallHeap = { NODE_OPTIONS: '--max-semi-space-size=2 --max-old-space-size=160', MALLOC_ARENA_MAX: '2' };

/** A PC whose clock is wrong: the agent's own code does not know that it is simulated. */
function wrongClock({ clockSkewSeconds }: LocalAgent): NodeJS.ProcessEnv {
  if (clockSkewSeconds === 0) return {};
  const preload = pathToFileURL(path.join(root, 'local/fleet/wrongClock.ts')).href;
  return {
    CLOCK_SKEW_SECONDS: String(clockSkewSeconds),
    NODE_OPTIONS: `${smallHeap.NODE_OPTIONS} --import=${preload}`,
  };
}

async function startAgent(stage: Stage, agent: LocalAgent): Promise<void> {
  await superviseHere(stage, {
    name: `agent-${agent.runnerId}`,
    entry: path.join(root, 'agent/main.ts'),
    args: ['--state', agent.stateDir, '--config', agent.configFile],
    env: { ...process.env, ...smallHeap, ...wrongClock(agent) },
    finalExits: {
      2: 'its configuration is wrong',
      3: 'another agent took its runner’s place',
      4: 'another copy of it is alive',
      5: 'an operator rejected it',
    },
  });
}

async function superviseHere(
  stage: Stage,
  options: Omit<SupervisedOptions, 'log' | 'onLine' | 'onPid' | 'stopSignal'>,
): Promise<void> {
  const file = openLogFile(stage.data.at('logs'), options.name);
  const supervised = await supervise({
    ...options,
    stopSignal: stage.stopSignal,
    log: (level, message, fields) => {
      file.write(JSON.stringify({ time: new Date().toISOString(), level, message, ...fields }));
    },
    onLine: (line) => {
      file.write(line);
    },
    onPid: (pid) => {
      stage.notePid(options.name, pid);
    },
  });
  stage.onStop(() => supervised.stop());
}

function partLog(stage: Stage, name: string): (event: unknown) => void {
  const file = openLogFile(stage.data.at('logs'), name);
  return (event) => {
    const shown = event instanceof Error ? { error: event.message } : event;
    file.write(JSON.stringify({ time: new Date().toISOString(), ...(shown as object) }));
  };
}

async function waitUntilHealthy(url: string, withinMs = 60_000): Promise<void> {
  const giveUpAt = Date.now() + withinMs;
  let waitMs = 50;
  for (;;) {
    const response = await fetch(`${url}/api/health`).catch(() => undefined);
    if (response?.status === 200) return;
    if (Date.now() > giveUpAt) {
      throw new Error(
        `${url}/api/health did not answer 200 within ${String(withinMs / 1000)} s: ${(await response?.text()) ?? 'no answer'}`,
      );
    }
    // Sixty such requests a minute are a stranger's budget, which the one who started this may need.
    await new Promise((resolve) => setTimeout(resolve, Math.min(2_000, (waitMs *= 1.2))));
  }
}
