import type { ResourceValidationPolicy, StackValidationPolicy } from '@pulumi/policy';
import { alerts } from './alerts.ts';
import { backups } from './backups.ts';
import { database } from './database.ts';
import { exposure } from './exposure.ts';
import { identity } from './identity.ts';
import { keepingData } from './keepingData.ts';
import { names } from './names.ts';
import type { Subject } from './rule.ts';
import { secrets } from './secrets.ts';
import { stewardship } from './stewardship.ts';
import { transport } from './transport.ts';

/** All rules, in the order of the page of policies. */
export const subjects: readonly Subject[] = [
  transport,
  exposure,
  identity,
  secrets,
  keepingData,
  backups,
  database,
  names,
  alerts,
  stewardship,
];

export const policies: readonly (ResourceValidationPolicy | StackValidationPolicy)[] = subjects.flatMap(
  ({ rules }) => rules.map(({ policy }) => policy),
);
