import type { OpenRecord } from '@mcp-dbg/capture';

import { labelOfCommand } from '../label-of-command.ts';

/** A name for what a capture holds where its servers have none: its label, else what its command runs. Raw text. */
export function nameOfCapture({ label, argv = [] }: Pick<OpenRecord, 'label' | 'argv'>): string {
  return [label ?? '', labelOfCommand(argv)].find((name) => name !== '') ?? 'server';
}
