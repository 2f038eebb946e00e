import * as authorization from '@pulumi/azure-native/authorization/index.js';
import * as pulumi from '@pulumi/pulumi';

/** What holds data, by the name that its lock is to have. */
export type Locked = Readonly<Record<string, pulumi.Input<string>>>;

/**
 * Nobody deletes these, or anything in them, by a slip of the hand: the lock has to be taken off first. It does not keep data from
 * being written or deleted by who may, and lets keys be listed, which a ReadOnly one would not.
 */
export class Locks extends pulumi.ComponentResource {
  constructor(locked: Locked) {
    super('datasync:authorization:Locks', 'locks');
    for (const [name, scope] of Object.entries(locked))
      new authorization.ManagementLockByScope(
        `lock-${name}`,
        {
          lockName: 'datasync-data',
          scope,
          level: 'CanNotDelete',
          notes:
            'Holds data of DataSync that nobody can make again. Taken off by hand, and put back by pulumi up.',
        },
        { parent: this },
      );
    this.registerOutputs({});
  }
}
