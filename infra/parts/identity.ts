import * as managedidentity from '@pulumi/azure-native/managedidentity/index.js';
import * as pulumi from '@pulumi/pulumi';
import type { Place } from '../place.ts';

/**
 * Who the app is: one identity for production and its staging slot, made before the app, so that its rights are there when it
 * starts, and outliving it, so that the database's user stays the same.
 */
export class Identity extends pulumi.ComponentResource {
  readonly identity: managedidentity.UserAssignedIdentity;

  constructor(place: Place) {
    super('datasync:identity:Identity', 'identity');
    const { names, resourceGroupName, location, tags } = place;
    this.identity = new managedidentity.UserAssignedIdentity(
      'identity',
      { resourceName: names.named('id'), resourceGroupName, location, tags },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
