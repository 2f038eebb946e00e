import { PolicyPack } from '@pulumi/policy';
import { policies } from './policies.ts';

/** What the Pulumi CLI starts, once a preview or update: it answers the engine until the engine ends it. */
new PolicyPack('datasync', { policies: [...policies], enforcementLevel: 'mandatory' });
