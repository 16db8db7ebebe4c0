import type { Entry } from '@mcp-dbg/capture';
import type { CaptureFinding } from '@mcp-dbg/capture/lint';

import { findingText } from './finding-text.ts';
import { type Verbosity, logDetails } from './log-details.ts';
import { logJson } from './log-json.ts';
import { logHead, logText } from './log-text.ts';
import type { Theme } from './theme.ts';

/** The lines of a log as they are printed one after the other: for a person under a head, or JSON for programs. */
export class LogLines {
  readonly #theme: Theme;
  readonly #isJson: boolean;
  readonly #verbosity: Verbosity;
  readonly #width: number;
  #isFirst = true;

  /** `width` is that of the terminal, if it is one: what a narrow one can do without is left out. */
  constructor(theme: Theme, isJson: boolean, verbose: number, width: number = Infinity) {
    this.#width = width;
    this.#theme = theme;
    this.#isJson = isJson;
    this.#verbosity = verbose >= 3 ? 3 : verbose === 2 ? 2 : verbose === 1 ? 1 : 0;
  }

  /** An entry, for a person marked with what is wrong with it. */
  entry(entry: Entry, findings: readonly CaptureFinding[] = []): string {
    if (this.#isJson) return logJson(entry);
    const line = logText(entry, this.#theme, this.#width, findings);
    return this.#head() + line + logDetails(entry, this.#verbosity, this.#theme);
  }

  /** A finding on a line of its own; nothing where programs read. */
  finding(finding: CaptureFinding): string {
    if (this.#isJson) return '';
    const where = finding.n === undefined ? '' : `  #${finding.n}`;
    return `${this.#head()}      (!) ${findingText(finding, this.#theme)}${where}\n`;
  }

  #head(): string {
    const head = this.#isFirst ? this.#theme.dim(logHead(this.#width)) : '';
    this.#isFirst = false;
    return head;
  }
}
