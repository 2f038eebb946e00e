export {
  type Answer,
  type CallInput,
  type Client,
  type ClientOptions,
  createClient,
  ProblemError,
  UnreachableError,
} from './client.ts';
