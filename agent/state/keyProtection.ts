/** How the key of the state lies on disk. */
export interface KeyProtection {
  protect(key: Buffer): Buffer;
  /** Undefined: not protected by this machine, so that nobody can open it here. Throws when that cannot be found out. */
  unprotect(stored: Buffer): Buffer | undefined;
}

/** The file's mode keeps others out; the system has nothing better that needs no second secret. */
const byPermissions: KeyProtection = { protect: (key) => key, unprotect: (stored) => stored };

/** Before a key that DPAPI protects. */
const MAGIC = Buffer.from('DSK1');
const REFUSED_EXIT_CODE = 3;
const LIMIT_MS = 30_000;

/**
 * Windows' own protection (DPAPI) under the machine's key: a copied state folder opens on no other machine. Not under the
 * user's, since the audit that an administrator runs reads what the service wrote; other users are kept out by the folder.
 * Asked through PowerShell, which every Windows has: once a start of the agent.
 */
export function dpapi(powershell = 'powershell.exe'): KeyProtection {
  return {
    protect: (key) => {
      const given = ask(powershell, 'Protect', key);
      if (given === undefined)
        throw new Error('protecting the state’s key: DPAPI refused it; wanted: a blob');
      return Buffer.concat([MAGIC, given]);
    },
    unprotect: (stored) => {
      if (!stored.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
      return ask(powershell, 'Unprotect', stored.subarray(MAGIC.length));
    },
  };
}

export const keyProtection: KeyProtection = process.platform === 'win32' ? dpapi() : byPermissions;

/** The bytes travel as base64 on the pipes: a command line can be read by every process. */
function ask(powershell: string, what: 'Protect' | 'Unprotect', bytes: Buffer): Buffer | undefined {
  const flags = ['-NoProfile', '-NonInteractive', '-ExecutionPolicy', 'Bypass', '-Command', scriptOf(what)];
  // Loaded here: only Windows needs it, and every start would pay for it.
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const { status, stdout, stderr, error } = spawnSync(powershell, flags, {
    input: bytes.toString('base64'),
    encoding: 'utf8',
    timeout: LIMIT_MS,
    windowsHide: true,
  });
  if (status === REFUSED_EXIT_CODE) return undefined;
  if (status !== 0) {
    const why = error?.message ?? `it ended with ${String(status)}: ${stderr.trim()}`;
    throw new Error(
      `${what}ing the state’s key with ${powershell}: ${why}; wanted: Windows PowerShell 5.1 or later`,
    );
  }
  return Buffer.from(stdout.trim(), 'base64');
}

function scriptOf(what: 'Protect' | 'Unprotect'): string {
  return [
    `$ErrorActionPreference = 'Stop'`,
    `Add-Type -AssemblyName System.Security`,
    `$bytes = [Convert]::FromBase64String([Console]::In.ReadToEnd().Trim())`,
    `try { $given = [Security.Cryptography.ProtectedData]::${what}($bytes, $null, 'LocalMachine') }`,
    `catch [Security.Cryptography.CryptographicException] { exit ${String(REFUSED_EXIT_CODE)} }`,
    `[Console]::Out.Write([Convert]::ToBase64String($given))`,
  ].join('; ');
}
