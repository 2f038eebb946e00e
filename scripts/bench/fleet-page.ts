import { createClient } from '../../shared/client/index.ts';
import { fleet } from '../../shared/contract/fleet.ts';
import { seedAgents, seedIndex } from './fleet.ts';
import { startBenchPlatform } from './platform.ts';
import { median, print } from './report.ts';

const AGENTS = 100;
const FILES_EACH = 10_000;
const LOOKS = 30;

/** The fleet page of a hundred instruments with a million archived files, as the dashboard asks for it. */
export async function benchFleetPage(): Promise<void> {
  const platform = await startBenchPlatform();
  try {
    await seedAgents(platform.databaseUrl, AGENTS);
    await seedIndex(platform.databaseUrl, AGENTS, FILES_EACH);
    const headers = () => ({ authorization: `Bearer ${platform.credentials.operator.token}` });
    const operator = createClient({ baseUrl: platform.url, headers });
    const took: number[] = [];
    for (let look = 0; look <= LOOKS; look += 1) {
      const startedAt = performance.now();
      await operator.call(fleet, {});
      took.push(performance.now() - startedAt);
    }
    const [first, ...later] = took;
    print(
      `P8  fleet page, ${String(AGENTS)} instruments, a million files: ${median(later).toFixed(0)} ms; the first look, which counts them: ${(first ?? Number.NaN).toFixed(0)} ms`,
    );
  } finally {
    await platform.stop();
  }
}
