/** What every table of Application Insights has, as its classic names and types stand in Azure's reference. */
const shared =
  'timestamp: datetime, itemType: string, customDimensions: dynamic, customMeasurements: dynamic, operation_Name: string, ' +
  'operation_Id: string, operation_ParentId: string, operation_SyntheticSource: string, session_Id: string, user_Id: string, ' +
  'user_AuthenticatedId: string, user_AccountId: string, application_Version: string, client_Type: string, client_Model: string, ' +
  'client_OS: string, client_IP: string, client_City: string, client_StateOrProvince: string, client_CountryOrRegion: string, ' +
  'client_Browser: string, cloud_RoleName: string, cloud_RoleInstance: string, appId: string, appName: string, iKey: string, ' +
  'sdkVersion: string, itemId: string, itemCount: int, _ResourceId: string';

const called =
  'id: string, name: string, success: string, resultCode: string, duration: real, performanceBucket: string';

/** The tables that a saved query reads, as a log alert and the workbook see them. `success` is a text: "True" or "False". */
export const insightsTables = {
  requests: `${called}, source: string, url: string, ${shared}`,
  dependencies: `${called}, target: string, type: string, data: string, ${shared}`,
  traces: `message: string, severityLevel: int, ${shared}`,
  exceptions:
    'problemId: string, handledAt: string, type: string, message: string, assembly: string, method: string, outerType: string, ' +
    'outerMessage: string, outerAssembly: string, outerMethod: string, innermostType: string, innermostMessage: string, ' +
    `innermostAssembly: string, innermostMethod: string, severityLevel: int, details: dynamic, ${shared}`,
  customEvents: `name: string, ${shared}`,
  customMetrics:
    'name: string, value: real, valueCount: int, valueSum: real, valueMin: real, valueMax: real, valueStdDev: real, ' +
    shared.replace(', customMeasurements: dynamic', ''),
} as const;

export type InsightsTable = keyof typeof insightsTables;

/** Columns of texts, by table. */
export function textColumnsOf(table: InsightsTable): readonly string[] {
  return insightsTables[table]
    .split(', ')
    .flatMap((column) => (column.endsWith(': string') ? (column.split(':')[0] ?? []) : []));
}
