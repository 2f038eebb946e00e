interface Facts {
  /** Tags of what stands in a resource (subnets, secrets, items of a backup) are left out: nobody looks for an owner there. */
  readonly hasTags: boolean;
  /** Azure Monitor takes diagnostic settings for it that say something which no other resource here says. */
  readonly hasDiagnostics: boolean;
}

const plain: Facts = { hasTags: false, hasDiagnostics: false };
const tagged: Facts = { hasTags: true, hasDiagnostics: false };
const observed: Facts = { hasTags: true, hasDiagnostics: true };

/** Every kind of Azure resource that the program may make. */
export const azureFacts: Readonly<Record<string, Facts>> = {
  'azure-native:applicationinsights:Component': tagged,
  'azure-native:applicationinsights:WebTest': tagged,
  'azure-native:applicationinsights:Workbook': tagged,
  'azure-native:authorization:ManagementLockByScope': plain,
  'azure-native:authorization:RoleAssignment': plain,
  'azure-native:consumption:Budget': plain,
  'azure-native:keyvault:Secret': plain,
  'azure-native:keyvault:Vault': observed,
  'azure-native:managedidentity:UserAssignedIdentity': tagged,
  'azure-native:monitor:ActionGroup': tagged,
  'azure-native:monitor:ActivityLogAlert': tagged,
  'azure-native:monitor:DiagnosticSetting': plain,
  'azure-native:monitor:MetricAlert': tagged,
  'azure-native:monitor:ScheduledQueryRule': tagged,
  'azure-native:network:NetworkSecurityGroup': tagged,
  'azure-native:network:PrivateDnsZoneGroup': plain,
  'azure-native:network:PrivateEndpoint': tagged,
  'azure-native:network:Subnet': plain,
  'azure-native:network:VirtualNetwork': tagged,
  'azure-native:operationalinsights:Query': plain,
  'azure-native:operationalinsights:QueryPack': tagged,
  'azure-native:operationalinsights:Workspace': tagged,
  'azure-native:privatedns:PrivateZone': tagged,
  'azure-native:privatedns:VirtualNetworkLink': tagged,
  'azure-native:recoveryservices:ProtectedItem': plain,
  'azure-native:recoveryservices:ProtectionContainer': plain,
  'azure-native:recoveryservices:ProtectionPolicy': plain,
  'azure-native:recoveryservices:Vault': observed,
  'azure-native:redisenterprise:AccessPolicyAssignment': plain,
  'azure-native:redisenterprise:Database': plain,
  'azure-native:redisenterprise:RedisEnterprise': observed,
  'azure-native:resources:ResourceGroup': tagged,
  'azure-native:sql:BackupShortTermRetentionPolicy': plain,
  'azure-native:sql:Database': observed,
  'azure-native:sql:FailoverGroup': tagged,
  'azure-native:sql:FirewallRule': plain,
  // What a server does is logged by its databases.
  'azure-native:sql:Server': tagged,
  'azure-native:sql:VirtualNetworkRule': plain,
  'azure-native:storage:BlobContainer': plain,
  'azure-native:storage:BlobServiceProperties': plain,
  'azure-native:storage:FileServiceProperties': plain,
  'azure-native:storage:FileShare': plain,
  'azure-native:storage:ManagementPolicy': plain,
  'azure-native:storage:Queue': plain,
  // Its services carry the logs; their settings name the account’s id with the service behind it.
  'azure-native:storage:StorageAccount': observed,
  'azure-native:storage:Table': plain,
  'azure-native:web:AppServicePlan': tagged,
  'azure-native:web:WebApp': observed,
  'azure-native:web:WebAppApplicationSettings': plain,
  'azure-native:web:WebAppApplicationSettingsSlot': plain,
  'azure-native:web:WebAppFtpAllowed': plain,
  'azure-native:web:WebAppFtpAllowedSlot': plain,
  'azure-native:web:WebAppScmAllowed': plain,
  'azure-native:web:WebAppScmAllowedSlot': plain,
  'azure-native:web:WebAppSlot': observed,
  'azure-native:web:WebAppSlotConfigurationNames': plain,
};
