import { mostProcesses } from '../../shared/domain/scaleGroups.ts';
import { functionSettings } from '../../shared/settings/functions.ts';
import { type App, settingsOf } from './appSettings.ts';
import { resourceRule, stackRule, type StackBreach, type Subject } from './rule.ts';
import { sqlLimits } from './sqlLimits.ts';
import type { Stack, StackResource } from './stack.ts';

const GIB = 1024 ** 3;

export const database: Subject = {
  title: 'What the database can take',
  rules: [
    resourceRule({
      name: 'sql-size',
      wants: 'A database has a service objective that is known here, and a size that Azure has for it.',
      types: ['azure-native:sql:Database'],
      breaches: ({ sku, maxSizeBytes }) => {
        const limits = sqlLimits[sku?.name ?? ''];
        if (limits === undefined)
          return [
            {
              is: `has the service objective ${sku?.name ?? 'that Azure chooses'}`,
              wanted: `one of ${Object.keys(sqlLimits).join(', ')}`,
            },
          ];
        const sizeGb = (maxSizeBytes ?? 0) / GIB;
        if (limits.sizesGb.some((size) => Math.abs(size - sizeGb) < 0.1)) return [];
        const near = limits.sizesGb.filter((size) => size >= 1);
        return [
          {
            is: `asks for ${maxSizeBytes === undefined ? 'no size' : `${sizeGb} GB`} on ${sku?.name ?? ''}`,
            wanted: near.length > 30 ? `1 to ${near.at(-1) ?? 0} GB` : `${near.join(', ')} GB`,
          },
        ];
      },
    }),
    stackRule({
      name: 'pool-fits-tier',
      wants:
        'All processes of the app and its slots together open no more connections than the database has workers.',
      breaches: crowdedDatabases,
    }),
  ],
};

interface Share {
  readonly app: string;
  readonly processes: number;
  readonly pool: number;
}

function crowdedDatabases(stack: Stack): StackBreach[] {
  const shares = [...stack.of('azure-native:web:WebApp'), ...stack.of('azure-native:web:WebAppSlot')].flatMap(
    (app) => shareOf(app, stack),
  );
  const connections = shares.reduce((sum, { processes, pool }) => sum + processes * pool, 0);
  const sum = shares.map(({ app, processes, pool }) => `${app} ${processes} × ${pool}`).join(' + ');
  return stack.of('azure-native:sql:Database').flatMap((of) => {
    const objective = of.props.sku?.name ?? '';
    const workers = sqlLimits[objective]?.workers;
    if (workers === undefined || connections <= workers) return [];
    return [
      {
        of,
        is: `has ${workers} workers on ${objective} for ${connections} connections (${sum})`,
        wanted: 'a smaller DB_POOL_MAX, fewer instances, or a higher tier',
      },
    ];
  });
}

/** A slot runs on every instance of its plan, beside the app. Nothing is reckoned where the settings cannot be seen. */
function shareOf(app: StackResource<App>, stack: Stack): Share[] {
  const settings = settingsOf(app, stack);
  if (settings === undefined) return [];
  const pool = functionSettings.DB_POOL_MAX.type.safeParse(settings.get('DB_POOL_MAX'));
  return [{ app: app.name, processes: processesOf(app, stack), pool: pool.success ? pool.data : Infinity }];
}

/** On Flex Consumption the functions that answer requests, the queue and each timer are groups that scale apart from each other. */
function processesOf(app: StackResource<App>, stack: Stack): number {
  const flex = app.props.functionAppConfig?.scaleAndConcurrency;
  if (flex !== undefined) return mostProcesses(flex.maximumInstanceCount ?? azureDefaultOfFlex);
  const plan = stack.of('azure-native:web:AppServicePlan').find((one) => app.refersTo('serverFarmId', one));
  return plan?.props.sku?.capacity ?? 1;
}

const azureDefaultOfFlex = 100;
