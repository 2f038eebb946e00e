import { MAX_PATH_LENGTH } from './relativePath.ts';

/** Azure Files' limits, in UTF-16 code units and components. */
const MAX_COMPONENT_LENGTH = 255;
const MAX_DEPTH = 250;

const RESERVED_CHARACTERS = new Set('"\\/:|<>*?');
const RESERVED_NAMES = /^(?:con|prn|aux|nul|clock\$|com[1-9¹²³]|lpt[1-9¹²³])$/i;

/**
 * Says why Azure Files cannot hold one component of a path, or undefined when it can. Source: Microsoft's page
 * "Naming and referencing shares, directories, files, and metadata".
 */
export function componentFault(component: string): string | undefined {
  if (component === '') return 'a component is empty';
  if (component === '.' || component === '..') return `the component ${component} is no name`;
  if (component.length > MAX_COMPONENT_LENGTH)
    return `a component has ${String(component.length)} characters, Azure Files takes ${String(MAX_COMPONENT_LENGTH)}`;
  if (!component.isWellFormed()) return 'a component is no valid Unicode';
  if (component.endsWith('.')) return 'a component ends with a dot';
  if (component.endsWith(' ')) return 'a component ends with a space';
  if (RESERVED_NAMES.test(stemOf(component))) return `the name ${stemOf(component)} is reserved`;
  return characterFault(component);
}

/** Says why Azure Files cannot hold a path below a share (`/` between components), or undefined when it can. */
export function shareNameFault(path: string): string | undefined {
  if (path.length > MAX_PATH_LENGTH)
    return `the path has ${String(path.length)} characters, Azure Files takes ${String(MAX_PATH_LENGTH)}`;
  const components = path.split('/');
  if (components.length > MAX_DEPTH)
    return `the path has ${String(components.length)} components, Azure Files takes ${String(MAX_DEPTH)}`;
  for (const component of components) {
    const fault = componentFault(component);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** Devices are reserved with any extension: `con.txt` is the console. */
function stemOf(component: string): string {
  const dot = component.indexOf('.');
  return dot === -1 ? component : component.slice(0, dot);
}

function characterFault(component: string): string | undefined {
  for (let index = 0; index < component.length; index += 1) {
    const unit = component.charCodeAt(index);
    if (isControl(unit))
      return `the character U+${unit.toString(16).toUpperCase().padStart(4, '0')} is reserved`;
    const character = component.charAt(index);
    if (RESERVED_CHARACTERS.has(character)) return `the character ${character} is reserved`;
  }
  return undefined;
}

/** C0, DEL and C1 controls, and the two code points that XML cannot carry in a listing. */
function isControl(unit: number): boolean {
  return unit < 0x20 || (unit >= 0x7f && unit <= 0x9f) || unit === 0xfffe || unit === 0xffff;
}
