import { z } from 'zod';
import { telemetry } from '../../../shared/settings/telemetry.ts';
import { typesOf } from '../../../shared/settings/setting.ts';
import type { Logger } from '../logging.ts';
import { platformVersion } from '../version.ts';
import { tellEvent } from './customEvents.ts';
import type { Sending } from './sending/setUp.ts';

const declaration = z.object(typesOf(telemetry.settings));

export type TelemetrySettings = z.infer<typeof declaration>;

/** Whether a process sends telemetry, and when it begins to. */
export interface TelemetryOfProcess {
  /** Resolves when what is told from now on is sent, or when nothing will be. Never rejects. */
  begun(): Promise<void>;
  /** Sends what there is now. Never rejects. */
  flush(): Promise<void>;
  /** Sends what is left, for a few seconds at most, and ends. Never rejects; idempotent. */
  close(): Promise<void>;
}

/** Nothing is sent. */
export const noTelemetry: TelemetryOfProcess = {
  begun: () => Promise.resolve(),
  flush: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

/** Another place to send to than the one that the connection string names; no setting leads here. */
export interface Ingestion {
  readonly endpoint: string;
  readonly allowInsecureConnection: true;
}

/**
 * Telemetry as the environment asks for it. What sends it is loaded when first asked for, since it costs a start a tenth of a second; without
 * a connection string it is not loaded at all.
 */
export function telemetryOfProcess(
  environment: Readonly<Record<string, string | undefined>>,
  log: () => Logger,
  ingestion?: Ingestion,
): TelemetryOfProcess {
  if (environment['APPLICATIONINSIGHTS_CONNECTION_STRING'] === undefined) return noTelemetry;
  let beginning: Promise<Sending | undefined> | undefined;
  let closing: Promise<void> | undefined;
  const begin = async (): Promise<Sending | undefined> => {
    const startMs = performance.now();
    try {
      const settings = declaration.parse(environment);
      const { setUp } = await import('./sending/setUp.ts');
      const sending = setUp({ settings, environment, log: log(), ...(ingestion && { ingestion }) });
      const memoryMb = process.memoryUsage().rss / 2 ** 20;
      tellEvent('host_started', { version: platformVersion, startMs, memoryMb });
      return sending;
    } catch (error) {
      // What watches must not be what fails.
      log().error('telemetry could not be set up; nothing is sent', { error });
      return undefined;
    }
  };
  const begun = (): Promise<Sending | undefined> => (beginning ??= begin());
  return {
    begun: async () => {
      await begun();
    },
    flush: async () => (await beginning)?.flush(),
    close: () => (closing ??= (beginning ?? Promise.resolve(undefined)).then((sending) => sending?.close())),
  };
}
