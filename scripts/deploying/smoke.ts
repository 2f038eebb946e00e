export interface SmokeOptions {
  readonly url: string;
  /** The version that has to answer; any where it is left out. */
  readonly version?: string;
  /** How many hosts may count requests each for itself. */
  readonly instances: number;
  /** How long a host that was just deployed may take to be healthy. */
  readonly patienceMs: number;
  readonly say: (line: string) => void;
}

const PER_MINUTE = 60;
const PAUSE_MS = 5_000;

/**
 * Whether what was deployed lives: it is healthy and of the wanted version, gives nothing to strangers, has a dashboard, and refuses who
 * asks too often. Says each check; gives the failures. Uses up the budget of whoever runs it for a minute.
 */
export async function smoke(options: SmokeOptions): Promise<string[]> {
  const { url, say } = options;
  const failures: string[] = [];
  const check = (what: string, isWell: boolean, found: string): void => {
    say(`${isWell ? 'ok  ' : 'FAIL'} ${what}: ${found}`);
    if (!isWell) failures.push(`${what}: ${found}`);
  };
  const health = await healthOf(options);
  check(
    '/api/health answers 200',
    health.status === 200,
    `${String(health.status)} ${health.text.slice(0, 300)}`,
  );
  if (options.version !== undefined)
    check(`version ${options.version}`, health.version === options.version, health.version);
  const page = await ask(`${url}/`);
  check('the dashboard is there', page.status === 200 && page.text.includes('<html'), String(page.status));
  const stranger = await ask(`${url}/api/fleet`);
  check('/api/fleet answers strangers 401', stranger.status === 401, String(stranger.status));
  const asked = await askTooOften(`${url}/api/fleet`, options.instances);
  check(
    'who asks too often is answered 429',
    asked.status === 429,
    `${String(asked.status)} after ${String(asked.count)}`,
  );
  const wait = Number(asked.retryAfter);
  check(
    '… and told how long to wait',
    wait >= 1 && wait <= PER_MINUTE,
    `Retry-After ${asked.retryAfter ?? 'missing'}`,
  );
  return failures;
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly retryAfter: string | null;
}

/** Status 0: no answer. */
async function ask(url: string): Promise<Answer> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(30_000), redirect: 'manual' });
    return {
      status: response.status,
      text: await response.text(),
      retryAfter: response.headers.get('retry-after'),
    };
  } catch (error) {
    return { status: 0, text: String(error), retryAfter: null };
  }
}

async function healthOf({ url, version, patienceMs }: SmokeOptions): Promise<Answer & { version: string }> {
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    const answer = await ask(`${url}/api/health`);
    const found = versionIn(answer.text);
    const isWanted = answer.status === 200 && (version === undefined || found === version);
    if (isWanted || performance.now() > giveUpAt) return { ...answer, version: found };
    await new Promise((resolve) => setTimeout(resolve, Math.min(PAUSE_MS, patienceMs)));
  }
}

function versionIn(text: string): string {
  try {
    return (JSON.parse(text) as { version?: string }).version ?? 'none';
  } catch {
    return 'none';
  }
}

async function askTooOften(url: string, instances: number): Promise<Answer & { count: number }> {
  const most = instances * PER_MINUTE + 10;
  for (let count = 1; ; count++) {
    const answer = await ask(url);
    if (answer.status !== 401 || count >= most) return { ...answer, count };
  }
}
