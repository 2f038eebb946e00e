// Pulumi's starter requires the folder and would compile a .ts entry by a compiler of its own, older than this code:
// from here on Node runs TypeScript as it is.
import './pack.ts';
