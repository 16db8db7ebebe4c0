export async function program(argv: readonly string[]): Promise<number> {
  void argv;
  return 0;
}
