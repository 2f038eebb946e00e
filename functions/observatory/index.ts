export { observatoryHandlers } from './endpoints.ts';
