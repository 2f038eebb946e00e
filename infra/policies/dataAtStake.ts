/** Resources that hold what nobody can make again, and what goes with them. */
export const dataAtStake = [
  {
    type: 'azure-native:storage:FileShare',
    lost: 'the archived files on it, with their snapshots',
    needsLock: true,
  },
  {
    type: 'azure-native:storage:StorageAccount',
    lost: 'its shares, blobs, tables and queues',
    needsLock: true,
  },
  {
    type: 'azure-native:sql:Database',
    lost: 'the state index, history and every record of the platform',
    needsLock: true,
  },
  {
    type: 'azure-native:sql:Server',
    lost: 'its databases, and the backups they could be restored from',
    needsLock: true,
  },
  {
    type: 'azure-native:keyvault:Vault',
    lost: 'the secrets of the platform, and its name for 90 days',
    needsLock: true,
  },
  {
    type: 'azure-native:recoveryservices:Vault',
    lost: 'the snapshots that shares are restored from',
    needsLock: false,
  },
  { type: 'azure-native:recoveryservices:ProtectedItem', lost: 'the snapshots of a share', needsLock: false },
  { type: 'azure-native:resources:ResourceGroup', lost: 'everything in it', needsLock: false },
] as const;
