/** A path as people write it: `~` for the home folder. Not safe to print. */
export function tilded(path: string, home: string): string {
  return path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}
