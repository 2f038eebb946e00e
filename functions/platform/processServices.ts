import { createLazyServices, type LazyServices } from './lazyServices.ts';
import type { Logger } from './logging.ts';
import { createLogger } from './logging/jsonLogger.ts';
import { readSettings } from './settings.ts';
import { tellLine } from './telemetry/logLines.ts';

/** Services of a process from its environment, which is read at the first call that needs them. */
export function servicesOfProcess(
  environment: Readonly<Record<string, string | undefined>>,
  write: (line: string) => void,
): LazyServices {
  const now = () => new Date();
  const logger = (level: 'debug' | 'info' | 'warn' | 'error'): Logger =>
    createLogger({ level, write, tell: tellLine, now });
  return createLazyServices(
    async () => {
      const settings = readSettings(environment);
      // Storage libraries cost a cold start more than anything else: they are loaded when the first call needs them.
      const { createServices } = await import('./createServices.ts');
      return createServices({ settings, log: logger(settings.LOG_LEVEL), now });
    },
    () => logger('info'),
  );
}
