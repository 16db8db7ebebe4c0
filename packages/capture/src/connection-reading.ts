import { type Exchange, Exchanges, type Sighting } from '@mcp-dbg/protocol';
import { type Frame, type FrameCounter, FrameStream, type Line, LineSplitter } from '@mcp-dbg/wire';

import type { Source } from './record.ts';

/** What one read or one event of a connection brought to light. */
export interface Found {
  /** Exchanges, new or changed, as they are now. */
  readonly exchanges: readonly Exchange[];
  /** Finished lines of stderr, with the time of their first byte. */
  readonly stderr: readonly { readonly us: number; readonly line: Line }[];
}

/** Reads one connection of a capture: its data as frames and exchanges, its stderr as lines. */
export class ConnectionReading {
  readonly number: number;
  server: string | undefined;
  readonly #frames: FrameStream;
  readonly #exchanges = new Exchanges();
  readonly #stderr = new LineSplitter();
  #stderrSince = 0;
  #exited = false;

  constructor(number: number, counter: FrameCounter) {
    this.number = number;
    this.#frames = new FrameStream(counter);
  }

  /** When the oldest line that is still unfinished began; undefined when there is none. */
  get unfinishedSince(): number | undefined {
    const frames = this.#frames.unfinishedSince;
    if (!this.#stderr.midLine) return frames;
    return Math.min(this.#stderrSince, frames ?? this.#stderrSince);
  }

  read(from: Source, bytes: Uint8Array, us: number): Found {
    if (from !== 'stderr') return this.#see(this.#frames.read(from, bytes, us));
    const since = this.#stderr.midLine ? this.#stderrSince : us;
    const lines = this.#stderr.push(bytes);
    this.#stderrSince = lines.length > 0 ? us : since;
    return found(
      [],
      lines.map((line, index) => ({ us: index === 0 ? since : us, line })),
    );
  }

  /** Ends one stream, for good or because bytes of it are missing. */
  end(from: Source, us: number): Found {
    if (from !== 'stderr') {
      const frame = this.#frames.end(from, us);
      return frame === undefined ? NOTHING : this.#see([frame]);
    }
    const line = this.#stderr.end();
    return found([], line === undefined ? [] : [{ us: this.#stderrSince, line }]);
  }

  /** The server's process ended: what it had not answered is lost. */
  exit(us: number): Found {
    this.#exited = true;
    return this.finish(us);
  }

  /** Nothing more comes. Requests that wait are lost if the process is known to have ended, else they stay pending. */
  finish(us: number): Found {
    const last = (['client', 'server', 'stderr'] as const).map((from) => this.end(from, us));
    const lost = this.#exited ? this.#exchanges.end() : [];
    return found(
      [...last.flatMap(({ exchanges }) => exchanges), ...lost],
      last.flatMap(({ stderr }) => stderr),
    );
  }

  #see(frames: readonly Frame[]): Found {
    return frames.length === 0 ? NOTHING : found(frames.flatMap((frame) => changed(this.#exchanges.see(frame))));
  }
}

const NOTHING: Found = { exchanges: [], stderr: [] };

function changed({ began, answered, cancelled }: Sighting): readonly Exchange[] {
  return [began, ...answered, cancelled].filter((exchange) => exchange !== undefined);
}

function found(exchanges: Found['exchanges'] = [], stderr: Found['stderr'] = []): Found {
  return { exchanges, stderr };
}
