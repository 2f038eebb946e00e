import type { BudgetArgs } from '@pulumi/azure-native/consumption/budget.js';
import type { RoleAssignmentArgs } from '@pulumi/azure-native/authorization/roleAssignment.js';
import type { ManagementLockByScopeArgs } from '@pulumi/azure-native/authorization/managementLockByScope.js';
import type { VaultArgs } from '@pulumi/azure-native/keyvault/vault.js';
import type { ActionGroupArgs } from '@pulumi/azure-native/monitor/actionGroup.js';
import type { DiagnosticSettingArgs } from '@pulumi/azure-native/monitor/diagnosticSetting.js';
import type { MetricAlertArgs } from '@pulumi/azure-native/monitor/metricAlert.js';
import type { ScheduledQueryRuleArgs } from '@pulumi/azure-native/monitor/scheduledQueryRule.js';
import type { PrivateEndpointArgs } from '@pulumi/azure-native/network/privateEndpoint.js';
import type { WorkspaceArgs } from '@pulumi/azure-native/operationalinsights/workspace.js';
import type { ProtectedItemArgs } from '@pulumi/azure-native/recoveryservices/protectedItem.js';
import type { ProtectionPolicyArgs } from '@pulumi/azure-native/recoveryservices/protectionPolicy.js';
import type { VaultArgs as BackupVaultArgs } from '@pulumi/azure-native/recoveryservices/vault.js';
import type { DatabaseArgs as RedisDatabaseArgs } from '@pulumi/azure-native/redisenterprise/database.js';
import type { RedisEnterpriseArgs } from '@pulumi/azure-native/redisenterprise/redisEnterprise.js';
import type { ResourceGroupArgs } from '@pulumi/azure-native/resources/resourceGroup.js';
import type { BackupShortTermRetentionPolicyArgs } from '@pulumi/azure-native/sql/backupShortTermRetentionPolicy.js';
import type { DatabaseArgs } from '@pulumi/azure-native/sql/database.js';
import type { FirewallRuleArgs } from '@pulumi/azure-native/sql/firewallRule.js';
import type { ServerArgs } from '@pulumi/azure-native/sql/server.js';
import type { BlobContainerArgs } from '@pulumi/azure-native/storage/blobContainer.js';
import type { BlobServicePropertiesArgs } from '@pulumi/azure-native/storage/blobServiceProperties.js';
import type { FileServicePropertiesArgs } from '@pulumi/azure-native/storage/fileServiceProperties.js';
import type { FileShareArgs } from '@pulumi/azure-native/storage/fileShare.js';
import type { StorageAccountArgs } from '@pulumi/azure-native/storage/storageAccount.js';
import type { AppServicePlanArgs } from '@pulumi/azure-native/web/appServicePlan.js';
import type { WebAppArgs } from '@pulumi/azure-native/web/webApp.js';
import type { WebAppApplicationSettingsArgs } from '@pulumi/azure-native/web/webAppApplicationSettings.js';
import type { WebAppApplicationSettingsSlotArgs } from '@pulumi/azure-native/web/webAppApplicationSettingsSlot.js';
import type { WebAppFtpAllowedArgs } from '@pulumi/azure-native/web/webAppFtpAllowed.js';
import type { WebAppFtpAllowedSlotArgs } from '@pulumi/azure-native/web/webAppFtpAllowedSlot.js';
import type { WebAppScmAllowedArgs } from '@pulumi/azure-native/web/webAppScmAllowed.js';
import type { WebAppScmAllowedSlotArgs } from '@pulumi/azure-native/web/webAppScmAllowedSlot.js';
import type { WebAppSlotArgs } from '@pulumi/azure-native/web/webAppSlot.js';
import type { Unwrap } from '@pulumi/pulumi';

/** What the rules read of each type that they judge. The provider's own types are only looked at by the compiler: loading them takes seconds. */
interface Arguments {
  'azure-native:authorization:ManagementLockByScope': ManagementLockByScopeArgs;
  'azure-native:authorization:RoleAssignment': RoleAssignmentArgs;
  'azure-native:consumption:Budget': BudgetArgs;
  'azure-native:keyvault:Vault': VaultArgs;
  'azure-native:monitor:ActionGroup': ActionGroupArgs;
  'azure-native:monitor:DiagnosticSetting': DiagnosticSettingArgs;
  'azure-native:monitor:MetricAlert': MetricAlertArgs;
  'azure-native:monitor:ScheduledQueryRule': ScheduledQueryRuleArgs;
  'azure-native:network:PrivateEndpoint': PrivateEndpointArgs;
  'azure-native:operationalinsights:Workspace': WorkspaceArgs;
  'azure-native:recoveryservices:ProtectedItem': ProtectedItemArgs;
  'azure-native:recoveryservices:ProtectionPolicy': ProtectionPolicyArgs;
  'azure-native:recoveryservices:Vault': BackupVaultArgs;
  'azure-native:redisenterprise:Database': RedisDatabaseArgs;
  'azure-native:redisenterprise:RedisEnterprise': RedisEnterpriseArgs;
  'azure-native:resources:ResourceGroup': ResourceGroupArgs;
  'azure-native:sql:BackupShortTermRetentionPolicy': BackupShortTermRetentionPolicyArgs;
  'azure-native:sql:Database': DatabaseArgs;
  'azure-native:sql:FirewallRule': FirewallRuleArgs;
  'azure-native:sql:Server': ServerArgs;
  'azure-native:storage:BlobContainer': BlobContainerArgs;
  'azure-native:storage:BlobServiceProperties': BlobServicePropertiesArgs;
  'azure-native:storage:FileServiceProperties': FileServicePropertiesArgs;
  'azure-native:storage:FileShare': FileShareArgs;
  'azure-native:storage:StorageAccount': StorageAccountArgs;
  'azure-native:web:AppServicePlan': AppServicePlanArgs;
  'azure-native:web:WebApp': WebAppArgs;
  'azure-native:web:WebAppApplicationSettings': WebAppApplicationSettingsArgs;
  'azure-native:web:WebAppApplicationSettingsSlot': WebAppApplicationSettingsSlotArgs;
  'azure-native:web:WebAppFtpAllowed': WebAppFtpAllowedArgs;
  'azure-native:web:WebAppFtpAllowedSlot': WebAppFtpAllowedSlotArgs;
  'azure-native:web:WebAppScmAllowed': WebAppScmAllowedArgs;
  'azure-native:web:WebAppScmAllowedSlot': WebAppScmAllowedSlotArgs;
  'azure-native:web:WebAppSlot': WebAppSlotArgs;
}

export type AzureType = keyof Arguments;

/** As a program writes them, with what it leaves out missing. */
export type Props<T extends AzureType> = Partial<Unwrap<Arguments[T]>>;

/** What is known of them: anything may be missing, however deep. */
export type KnownProps<T extends AzureType> = Known<Unwrap<Arguments[T]>>;

type Known<T> = T extends readonly (infer Item)[]
  ? readonly Known<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]?: Known<T[Key]> | undefined }
    : T;
