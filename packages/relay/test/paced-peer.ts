import { PacedWriter } from '../src/paced-writer.ts';
import { type Passage, RelayFrame } from '../src/relay-frame.ts';
import { HandClock } from './hand-clock.ts';

/** What was written at once. */
export interface Written {
  readonly text: string;
  readonly by: string | undefined;
  readonly at: number;
}

/** A peer that takes what is written, until it is full. */
export class PacedPeer {
  readonly clock = new HandClock();
  readonly written: Written[] = [];
  held = 0;
  isFull = false;
  readonly writer = new PacedWriter({
    write: ({ bytes, by }) => {
      this.written.push({ text: Buffer.from(bytes).toString(), by, at: this.clock.now() });
      return !this.isFull;
    },
    holds: (bytes) => (this.held += bytes),
    clock: this.clock,
  });

  get texts(): readonly string[] {
    return this.written.map(({ text }) => text);
  }

  get all(): string {
    return this.texts.join('');
  }

  write(text: string, passage?: Passage): void {
    this.writer.write(frameOf(text).passing(passage));
  }

  piece(text: string): void {
    this.writer.write(new RelayFrame('client', Buffer.from(text), { isPiece: true }));
  }
}

export function frameOf(text: string): RelayFrame {
  return new RelayFrame('client', Buffer.from(text));
}
