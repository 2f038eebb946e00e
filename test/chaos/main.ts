import { run } from './attack.ts';
import { campaign } from './campaign/index.ts';
import { workflowHosts } from './workflow-hosts/index.ts';

/** `npm run chaos -- …` is a campaign of faults, `npm run chaos -- workflows …` kills hosts at work. docs/testing.md */
const argv = process.argv.slice(2);
process.exit(argv[0] === 'workflows' ? await run(workflowHosts, argv.slice(1)) : await run(campaign, argv));
