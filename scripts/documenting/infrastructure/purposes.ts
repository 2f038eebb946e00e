export interface Purpose {
  readonly for: string;
  /** The switch that makes it; without one it is in every stack. */
  readonly when?: string;
}

const isPrivate = 'network.private';
const withSlot = 'plan.stagingSlot';

/** What each kind of resource is for, by its type token; a test wants a line for every kind that the program makes. */
export const purposes: Readonly<Record<string, Purpose>> = {
  'resources:ResourceGroup': { for: 'Holds the stack; budget and bill are counted by it.' },
  'network:VirtualNetwork': { for: 'The network that the app calls from.' },
  'network:Subnet': {
    for: 'One for the app, by which storage, database and vault know its calls; one for private endpoints.',
  },
  'network:PrivateEndpoint': {
    for: 'An address in the network for a service that has no public one.',
    when: isPrivate,
  },
  'network:PrivateDnsZoneGroup': { for: 'Keeps the name of an endpoint.', when: isPrivate },
  'privatedns:PrivateZone': { for: 'Names of private endpoints.', when: isPrivate },
  'privatedns:VirtualNetworkLink': { for: 'Lets the network ask that zone.', when: isPrivate },
  'managedidentity:UserAssignedIdentity': {
    for: 'Who the app and its slot are; user of the database, holder of the roles below.',
  },
  'authorization:RoleAssignment': { for: 'What that identity may do; the table below.' },
  'authorization:ManagementLockByScope': {
    for: 'Nobody deletes what holds data, or anything in it, without taking a lock off first.',
  },
  'storage:StorageAccount': {
    for: '`host-storage`: queues, tables and leases, without a shared key. `files-storage`: the archive, with the two keys that SAS are signed with.',
  },
  'storage:FileServiceProperties': { for: 'Soft delete of shares; no mounting by account key.' },
  'storage:FileShare': { for: 'What the instruments measured.' },
  'storage:BlobServiceProperties': { for: 'Soft delete of blobs and containers.' },
  'storage:BlobContainer': {
    for: '`releases`: of the agent, readable by agents alone. `packages`: what was deployed, for the way back.',
  },
  'storage:Queue': { for: 'Hints that a slice is due.' },
  'sql:Server': { for: 'Entra is the only way in; nobody has a password.' },
  'sql:Database': {
    for: '`DataSync`: the state index, runs, alerts, history. `database-standby`: its replica in the second region. `database-restored`: a point in time on its way to a new stack.',
  },
  'sql:BackupShortTermRetentionPolicy': { for: 'To how far back the database can be restored.' },
  'sql:VirtualNetworkRule': { for: 'Lets the app’s subnet in; not with private networking.' },
  'sql:FirewallRule': { for: 'Lets people and pipelines in.', when: 'network.operatorAddresses' },
  'sql:FailoverGroup': {
    for: 'One name that leads to whichever database is the primary.',
    when: 'secondRegion',
  },
  'keyvault:Vault': {
    for: 'Secrets; deleted ones can be taken back for 90 days, and nobody can purge them before.',
  },
  'keyvault:Secret': { for: 'A secret setting, or the connection string whose key signs SAS.' },
  'redisenterprise:RedisEnterprise': { for: 'What instances share about rate limits.', when: 'redis' },
  'redisenterprise:Database': { for: 'The same; TLS, no keys.', when: 'redis' },
  'redisenterprise:AccessPolicyAssignment': { for: 'Lets the app’s identity in.', when: 'redis' },
  'web:AppServicePlan': { for: 'What the app runs on: App Service, or Flex Consumption.' },
  'web:WebApp': { for: 'The control plane: API, dashboard, timers, queues.' },
  'web:WebAppSlot': { for: 'Where a deployment goes first; answers calls, runs no timer.', when: withSlot },
  'web:WebAppSlotConfigurationNames': { for: 'Settings that stay with their slot.', when: withSlot },
  'web:WebAppScmAllowed': { for: 'Switches off deployment by password.' },
  'web:WebAppFtpAllowed': { for: 'Switches off FTP by password.' },
  'web:WebAppScmAllowedSlot': { for: 'The same of the slot.', when: withSlot },
  'web:WebAppFtpAllowedSlot': { for: 'The same of the slot.', when: withSlot },
  'operationalinsights:Workspace': {
    for: 'Where telemetry and diagnostic logs are kept, and how much a day.',
  },
  'operationalinsights:QueryPack': {
    for: 'The saved queries of `infra/queries`, where the portal offers them.',
  },
  'operationalinsights:Query': { for: 'One of them.' },
  'applicationinsights:Component': { for: 'What the functions tell of themselves.' },
  'applicationinsights:Workbook': { for: 'The saved queries on one page.' },
  'monitor:ActionGroup': {
    for: 'Who hears of alerts: `critical` of severity 0 and 1, `warning` of the rest.',
  },
  'monitor:ScheduledQueryRule': { for: 'An alert of a saved query.' },
  'monitor:MetricAlert': {
    for: 'An alert of what Azure measures from outside, when the platform cannot tell any more.',
  },
  'monitor:DiagnosticSetting': { for: 'Sends what a resource logs and measures to the workspace.' },
  'recoveryservices:Vault': { for: 'Keeps the backup policy of shares.' },
  'recoveryservices:ProtectionPolicy': { for: 'A snapshot a day, and how long it is kept.' },
  'recoveryservices:ProtectionContainer': { for: 'The archive’s account in that vault.' },
  'recoveryservices:ProtectedItem': { for: 'A share under that policy.' },
  'consumption:Budget': { for: 'Tells before a month costs more than it may.' },
};
