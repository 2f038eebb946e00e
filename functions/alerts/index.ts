export { type Finding, raiseAlert, resolveAlert } from './alert.ts';
