import { agentFile, type AgentSetting, agentSettings } from '../../shared/settings/agent.ts';
import { agentFamily, families } from '../../shared/settings/index.ts';
import { declaredIn, type Family } from '../../shared/settings/setting.ts';
import { defaultText, valueText } from './settingText.ts';
import { markdownTable } from './markdownTable.ts';

const head = `<!-- Made by \`npm run build:docs\` from shared/settings: change it there. -->

# Settings

Whatever DataSync reads from its environment, declared once in \`shared/settings\`. An empty default is none; a setting that is
required has none, and its readers do not start without it: one error names all that are missing or wrong, never a value. Logs leave out
fields by the name of a secret. What third parties' settings belong to is in [connectors.md](connectors.md); a workflow
whose settings are missing cannot be started (\`not-configured\`), and its schedule starts nothing.

What else programs look at (\`PATH\`, \`NO_COLOR\`, \`CI\`, the variables of tests and benchmarks) belongs to the machine or to
[testing](testing.md), and is no setting.
`;

const agentHead = `## The agent

Flags win over environment variables, these over the file named by \`--config\` or \`DATASYNC_CONFIG\` (a JSON object of the settings
in the first column). [agent.md](agent.md) says what the agent does with them.
`;

/** docs/settings.md before it is formatted. */
export function settingsPage(): string {
  return [
    head,
    ...families.filter((family) => family !== agentFamily).map(familySection),
    agentSection(),
  ].join('\n');
}

function familySection(family: Family): string {
  const rows = declaredIn(family).map((setting) => [
    code(setting.name),
    setting.does,
    valueText(setting),
    defaultText(setting),
    setting.readBy.join(', '),
  ]);
  return `## ${family.title}\n\n${markdownTable(['setting', 'what it does', 'value', 'default', 'read by'], rows)}`;
}

function agentSection(): string {
  const named = Object.entries<AgentSetting>(agentSettings).map(([name, setting]) => ({ name, setting }));
  const rows = [...named, { name: undefined, setting: agentFile as AgentSetting }].map(
    ({ name, setting }) => [
      code(name),
      code(setting.flag === undefined ? undefined : `--${setting.flag}`),
      code(setting.environment),
      setting.does,
      valueText(setting),
      defaultText(setting),
    ],
  );
  return `${agentHead}\n${markdownTable(['setting', 'flag', 'environment', 'what it does', 'value', 'default'], rows)}`;
}

function code(text: string | undefined): string {
  return text === undefined ? '' : `\`${text}\``;
}
