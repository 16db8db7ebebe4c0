/** The paths that `typed` may become. Names that begin with a dot are hidden until the dot is typed. */
export function pathCompletions(typed: string, list: (folder: string) => readonly string[]): readonly string[] {
  const cut = typed.lastIndexOf('/') + 1;
  const [folder, begun] = [typed.slice(0, cut), typed.slice(cut)];
  return list(folder === '' ? './' : folder)
    .filter((name) => name.startsWith(begun) && (begun.startsWith('.') || !name.startsWith('.')))
    .map((name) => folder + name);
}
