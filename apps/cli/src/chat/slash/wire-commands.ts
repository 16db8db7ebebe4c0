import { entrySubject } from '@mcp-dbg/capture';

import { CliError } from '../../exit-code.ts';
import { filterOf } from '../../reading.ts';
import { firstRow } from '../../render/columns.ts';
import { exchangeText } from '../../render/exchange-text.ts';
import { logHead, logText } from '../../render/log-text.ts';
import { type SlashCommand, cutWord } from './slash-context.ts';

/** Lines that /log shows at most; a person reads the newest. */
const MAX_LINES = 200;

export const log: SlashCommand = {
  usage: '/log [FILTER]',
  what: 'list what crossed the wire, or what a filter lets through',
  run: (text, { wire, view, theme, columns }) => {
    const filter = filterOf(text);
    if (filter.needs.findings)
      throw new CliError(
        'BAD_FILTER',
        'What is wrong with frames is not known here; /verbose tells it, mcp-dbg lint too',
      );
    const entries = [...wire.entries].filter((entry) => filter.matches(entrySubject(entry)));
    const shown = entries.slice(-MAX_LINES);
    const left = entries.length - shown.length;
    const width = columns();
    const head = theme.dim(
      logHead(width) + (left === 0 ? '' : `… ${left} earlier lines; mcp-dbg log shows them all\n`),
    );
    const lines = shown.map((entry) => {
      const line = logText(entry, theme, width).trimEnd();
      return width === undefined ? line : firstRow(line, width - 1);
    });
    view.found(shown.length === 0 ? 'There are no such lines.' : head + lines.join('\n'));
  },
};

export const show: SlashCommand = {
  usage: '/show N [raw]',
  what: 'show frame N and its request or answer; raw: exactly',
  run: (rest, { wire, view, theme }) => {
    const [number, how] = cutWord(rest);
    const n = Number(number.replace(/^#/, ''));
    if (!Number.isInteger(n) || n < 1 || !['', 'raw'].includes(how))
      throw new CliError('USAGE', `Usage: ${show.usage}`);
    const exchange = wire.exchangeOf(n);
    if (exchange === undefined)
      throw new CliError('USAGE', `There is no frame ${n} here; /log lists them, mcp-dbg log lists the older ones too`);
    view.found(exchangeText(exchange, theme, how === 'raw'));
  },
};

export const verbose: SlashCommand = {
  usage: '/verbose',
  what: 'show the raw JSON-RPC, or stop showing it',
  isAtOnce: true,
  run: (_, { toggleVerbose, view }) => view.found(toggleVerbose()),
};
