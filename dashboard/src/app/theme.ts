import {
  type BrandVariants,
  createDarkTheme,
  createLightTheme,
  type Theme,
} from '@fluentui/react-components';
import { createStore, type Store } from './store.ts';

const brand: BrandVariants = {
  10: '#021518',
  20: '#08262b',
  30: '#0a3941',
  40: '#0c4751',
  50: '#0c5160',
  60: '#0d5c6c',
  70: '#0e6779',
  80: '#0f7386',
  90: '#2a8a9c',
  100: '#45a0b0',
  110: '#5fb3c1',
  120: '#7ac5d1',
  130: '#96d6e0',
  140: '#b3e6ed',
  150: '#cff2f7',
  160: '#e6fafc',
};
const fonts = {
  fontFamilyBase: "'Segoe UI Variable Text', 'Segoe UI', system-ui, -apple-system, Roboto, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'Cascadia Mono', Consolas, 'SF Mono', Menlo, monospace",
};

export const themes: Record<'light' | 'dark', Theme> = {
  light: { ...createLightTheme(brand), ...fonts },
  dark: {
    ...createDarkTheme(brand),
    ...fonts,
    colorBrandForeground1: brand[110],
    colorBrandForeground2: brand[120],
  },
};

export type ThemeChoice = 'system' | 'light' | 'dark';

export interface ThemeState {
  readonly choice: ThemeChoice;
  readonly shown: 'light' | 'dark';
}

export interface ThemeSetting extends Pick<Store<ThemeState>, 'read' | 'subscribe'> {
  choose(choice: ThemeChoice): void;
}

const STORAGE_KEY = 'datasync-theme';

/** Follows the system until somebody chooses; the choice stays in this browser. */
export function createThemeSetting(page: Window): ThemeSetting {
  const systemDark = page.matchMedia('(prefers-color-scheme: dark)');
  const resolve = (choice: ThemeChoice): ThemeState => ({
    choice,
    shown: choice === 'system' ? (systemDark.matches ? 'dark' : 'light') : choice,
  });
  const state = createStore(resolve(storedChoice(page)));
  const show = (next: ThemeState) => {
    page.document.documentElement.dataset['theme'] = next.shown;
    state.write(next);
  };
  show(state.read());
  systemDark.addEventListener('change', () => show(resolve(state.read().choice)));
  return {
    read: state.read,
    subscribe: state.subscribe,
    choose: (choice) => {
      storeChoice(page, choice);
      show(resolve(choice));
    },
  };
}

function storedChoice(page: Window): ThemeChoice {
  try {
    const stored = page.localStorage.getItem(STORAGE_KEY);
    return stored === 'light' || stored === 'dark' ? stored : 'system';
  } catch {
    return 'system'; // storage is switched off in this browser: the system's choice is a good one
  }
}

function storeChoice(page: Window, choice: ThemeChoice): void {
  try {
    page.localStorage.setItem(STORAGE_KEY, choice);
  } catch {
    // Storage is full or switched off: the choice holds until the page is left.
  }
}
