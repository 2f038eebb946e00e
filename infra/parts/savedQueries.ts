import * as applicationinsights from '@pulumi/azure-native/applicationinsights/index.js';
import * as operationalinsights from '@pulumi/azure-native/operationalinsights/index.js';
import * as pulumi from '@pulumi/pulumi';
import { guidOf } from '../names.ts';
import type { Place } from '../place.ts';
import type { SavedQuery } from '../queries/savedQueries.ts';
import type { Monitoring } from './monitoring.ts';
import { workbookText } from './workbookText.ts';

/** Every query of infra/queries where people look for it: in a pack, by name, and together in a workbook. */
export class SavedQueries extends pulumi.ComponentResource {
  constructor(place: Place, monitoring: Monitoring, queries: readonly SavedQuery[]) {
    super('datasync:monitor:SavedQueries', 'saved-queries');
    const { names, resourceGroupName, location, tags } = place;
    const parent = { parent: this };
    const pack = new operationalinsights.QueryPack(
      'query-pack',
      { queryPackName: names.named('queries'), resourceGroupName, location, tags },
      parent,
    );
    for (const { name, title, shows, query, do: whatToDo } of queries)
      new operationalinsights.Query(
        `query-${name}`,
        {
          id: guidOf(names.app, 'query', name),
          queryPackName: pack.name,
          resourceGroupName,
          displayName: title,
          description: `${shows} What to do: ${whatToDo}`,
          body: query,
          related: { resourceTypes: ['microsoft.insights/components'] },
        },
        parent,
      );
    new applicationinsights.Workbook(
      'workbook',
      {
        resourceName: guidOf(names.app, 'workbook'),
        resourceGroupName,
        location,
        tags,
        displayName: 'DataSync',
        category: 'workbook',
        kind: 'shared',
        sourceId: monitoring.insights.id,
        serializedData: monitoring.insights.id.apply((id) => workbookText(queries, id)),
      },
      parent,
    );
    this.registerOutputs({});
  }
}
