/** What a server may see of our environment: enough to run, no secrets (the list of the MCP SDKs). */
const SAFE_VARIABLES: readonly string[] =
  process.platform === 'win32'
    ? [
        'APPDATA',
        'HOMEDRIVE',
        'HOMEPATH',
        'LOCALAPPDATA',
        'PATH',
        'PROCESSOR_ARCHITECTURE',
        'SYSTEMDRIVE',
        'SYSTEMROOT',
        'TEMP',
        'USERNAME',
        'USERPROFILE',
        'PROGRAMFILES',
      ]
    : ['HOME', 'LOGNAME', 'PATH', 'SHELL', 'TERM', 'USER'];

/**
 * The environment of a server: the safe variables of `from`, then what the user named for it. A shell function
 * (a value that begins with `()`) is code, so it stays behind.
 */
export function safeEnvironment(
  from: Readonly<Record<string, string | undefined>>,
  named: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const safe = SAFE_VARIABLES.flatMap((name) => {
    const value = from[name];
    return value === undefined || value.startsWith('()') ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(safe), ...named };
}
