import type { Add } from '../operator.ts';
import { addControls } from './control.ts';
import { addList } from './list.ts';
import { addLogs } from './logs.ts';
import { addRetry } from './retry.ts';
import { addShow } from './show.ts';
import { addStart } from './start.ts';
import { addTrigger } from './trigger.ts';

const commands: readonly Add[] = [addStart, addList, addShow, addLogs, addRetry, addControls, addTrigger];

export const addWorkflow: Add = (parent, act) => {
  const group = parent.command('workflow').description('start, watch and mend workflows');
  for (const add of commands) add(group, act);
};
