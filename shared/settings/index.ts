import { agentFile, type AgentSetting, agentSettings } from './agent.ts';
import { functionFamilies } from './functions.ts';
import { localPlatform } from './localPlatform.ts';
import { scripts } from './scripts.ts';
import { declaredIn, type DeclaredSetting, type Family } from './setting.ts';

/** Of the agent those that can come from the environment; the rest stands in its file. */
export const agentFamily: Family = {
  title: 'The agent',
  readBy: ['agent'],
  settings: Object.fromEntries(
    [...Object.values<AgentSetting>(agentSettings), agentFile].flatMap((setting: AgentSetting) =>
      setting.environment === undefined ? [] : [[setting.environment, setting]],
    ),
  ),
};

export const families: readonly Family[] = [...functionFamilies, localPlatform, scripts, agentFamily];

/** Whatever any part of DataSync reads from its environment. */
export function declaredSettings(): DeclaredSetting[] {
  return families.flatMap(declaredIn);
}

const isSecretByName = new Map(
  families
    .flatMap(({ settings }) => Object.entries(settings))
    .map(([name, { secret = false }]) => [name, secret]),
);

/** By declaration, whatever the name sounds like; undefined: no setting has this name. */
export function isSecretSetting(name: string): boolean | undefined {
  return isSecretByName.get(name);
}
