/** The shells whose lines we complete. */
export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;

export type Shell = (typeof SHELLS)[number];

/** The name of a shell, where it is one of ours. */
export function shellNamed(name: string | undefined): Shell | undefined {
  return SHELLS.find((shell) => shell === name);
}
