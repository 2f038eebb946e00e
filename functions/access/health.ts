import type { health } from '../../shared/contract/access.ts';
import type { ResponseOf } from '../../shared/contract/endpoint.ts';
import type { EndpointAnswer } from '../platform/http/handler.ts';
import { perServices } from '../platform/perServices.ts';
import type { Services } from '../platform/services.ts';
import { platformVersion } from '../platform/version.ts';
import { createProbe, type ProbeVerdict } from './probe.ts';

type HealthAnswer = EndpointAnswer<typeof health>;

const LIMIT_MS = 3000;

const probesOf = perServices((services: Services) => {
  const probe = (part: string, keepMs: number, ask: () => Promise<void>) =>
    createProbe({
      ask,
      keepMs,
      limitMs: LIMIT_MS,
      nowMs: () => services.now().getTime(),
      onFailure: (error) => services.log.warn('health check failed', { part, error }),
    });
  return {
    database: probe('database', 500, () => services.database.ping()),
    queue: probe('queue', 10_000, () => services.slices.ping()),
    share: probe('share', 10_000, () => services.shares.ping()),
  };
});

/** How the control plane is, within three seconds: 200 when every part answers, 503 when one does not. */
export async function readHealth(services: Services): Promise<HealthAnswer> {
  const probes = probesOf(services);
  const [database, queue, share] = await Promise.all([probes.database(), probes.queue(), probes.share()]);
  const seconds = (services.now().getTime() - services.startedAt.getTime()) / 1000;
  return healthAnswer({ database, queue, share }, services.version, Math.max(0, seconds));
}

/** The same shape when the settings do not even allow to ask. */
export function healthWithoutServices(): HealthAnswer {
  return healthAnswer({ settings: 'failed', database: 'failed' }, platformVersion, process.uptime());
}

function healthAnswer(
  checks: Readonly<Record<string, ProbeVerdict>>,
  version: string,
  uptime: number,
): HealthAnswer {
  const isWell = Object.values(checks).every((verdict) => verdict === 'ok');
  const body: ResponseOf<typeof health> = {
    status: isWell ? 'healthy' : 'unhealthy',
    database: checks['database'] === 'ok' ? 'connected' : 'disconnected',
    checks: { ...checks },
    version,
    uptime: Math.round(uptime),
  };
  return { status: isWell ? 200 : 503, body };
}
