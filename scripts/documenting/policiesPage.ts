import { dataAtStake } from '../../infra/policies/dataAtStake.ts';
import { subjects } from '../../infra/policies/policies.ts';
import type { Rule, Subject } from '../../infra/policies/rule.ts';
import { markdownTable } from './markdownTable.ts';

const head = `<!-- Made by \`npm run build:docs\` from infra/policies: change it there. -->

# Policies

What every resource of the infrastructure must be like. The rules are a policy pack of Pulumi's in \`infra/policies\`, a file a subject;
each is mandatory: a preview or update of what breaks one ends with a message that says what is wrong and what was wanted.

\`\`\`sh
pulumi preview --policy-pack infra/policies
pulumi up --policy-pack infra/policies
\`\`\`

Pulumi starts the pack with the \`node\` that it finds first: it must be the project's own (\`PATH="$PWD/node_modules/.bin:$PATH"\`), since older
ones do not run TypeScript. A resource is judged by itself before it is made; what depends on several is judged when all are
known, at the end of a preview and again at the end of an update. What a preview cannot know (an id, a key) is judged in the
update, before the resource is made; until then it says so.

A rule that the program breaks for a good reason has an exception with that reason, for one resource by its name in the program. To add
a rule: one entry in the file of its subject, with a case that passes and cases that fail in the test beside it. A new kind
of resource wants a line in \`infra/policies/azureFacts.ts\` first.
`;

const planHead = `## Before a plan is carried out

Rules judge what is to be; what is lost on the way there they do not see. \`scripts/judge-plan\` reads a plan and ends with 1 when
it deletes or replaces what holds data, takes its protection away, or removes a lock; with 2 when it was given no whole plan; with
0 otherwise. Pipelines run it between preview and update. A step of a kind that it does not know counts as one that loses data.

\`\`\`sh
pulumi preview --json > plan.json && scripts/judge-plan plan.json
pulumi preview --json | scripts/judge-plan --allow "$URN"
\`\`\`

\`--allow\` lets one resource go on purpose, by its URN. It takes no protection off: Pulumi and Azure's lock still refuse until a person
has removed both. Values of a plan are not printed. The saved plans of \`pulumi preview --save-plan\` are read as well.
`;

/** docs/policies.md before it is formatted. */
export function policiesPage(): string {
  return [head, ...subjects.map(section), planHead, lossTable()].join('\n');
}

function section({ title, rules }: Subject): string {
  const rows = rules.map((rule) => [`\`${rule.name}\``, rule.wants, whenJudged(rule)]);
  const exceptions = rules.flatMap(({ name, exceptions: ofRule }) =>
    ofRule.map(({ resource, reason }) => `- \`${name}\` does not judge \`${resource}\`: ${reason}.\n`),
  );
  return [
    `## ${title}\n\n`,
    markdownTable(['rule', 'what it wants', 'judged'], rows),
    '\n',
    ...exceptions,
  ].join('');
}

function whenJudged({ policy }: Rule): string {
  return 'validateStack' in policy ? 'the stack as a whole' : 'each resource';
}

function lossTable(): string {
  const rows = dataAtStake.map(({ type, lost }) => [`\`${type.replace('azure-native:', '')}\``, lost]);
  return markdownTable(['resource', 'what is lost with it'], rows);
}
