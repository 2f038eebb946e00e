export {
  type CallInput,
  type Client,
  type ClientOptions,
  createClient,
  ProblemError,
  UnreachableError,
} from './client.ts';
