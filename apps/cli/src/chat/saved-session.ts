import { resolve } from 'node:path';

import { type Model, type ServerConfig, type Session, type Turn, forAnotherModel } from '@mcp-dbg/core';

import { CliError } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { prefixFailure } from '../prefix-failure.ts';
import { writePrivateFile } from '../private-file.ts';
import { visible } from '../render/visible.ts';
import { type ServerOptions, equipped, namesServer, serversOf } from '../server-options.ts';
import { reserveFile } from './reserve-file.ts';
import { MAX_SESSION_BYTES, allowServers, readSession, resumedText } from './resume-session.ts';
import { missingValues, toConfig, toSaved } from './saved-server.ts';
import { type SavedServer, type SessionContent, sessionText } from './session-file.ts';
import { sealOf } from './session-seal.ts';

/** The options that say where a chat is kept, beside those of its servers. */
export interface SavedSessionOptions extends ServerOptions {
  readonly save?: string;
  readonly resume?: string;
}

/** A chat and its file: what it starts with, and the file that holds it after every query. */
export class SavedSession implements Disposable {
  /** The servers that the command line names, else those of the file. */
  readonly servers: readonly ServerConfig[];
  readonly #io: Io;
  readonly #resumed: SessionContent | undefined;
  /** The file as the person named it; undefined where the chat is not kept. */
  #file: string | undefined;
  /** The name of the model that the replies are from. */
  #model: string | null;
  #session: Session | undefined;
  #warn: (message: string) => void = () => {};
  #failure = '';
  /** Turns that the file holds. */
  #kept: number;
  /** Gives the file's name back; does nothing once something was saved. */
  #release: () => void = () => {};

  /**
   * Reads the file of `--resume` and finds the servers; asks before a file of unknown origin names them. Says on stderr
   * what is resumed. Throws where the file cannot be used, or where `--save` names one that is there already; what it
   * names is taken from then on, and given back by the disposal where nothing was saved.
   */
  static async open(
    io: Io,
    targets: readonly string[],
    command: readonly [string, ...string[]] | undefined,
    options: SavedSessionOptions,
  ): Promise<SavedSession> {
    const { resume, save = resume } = options;
    const content = resume === undefined ? undefined : readSession(resume, io);
    const saved = content?.servers ?? [];
    const isNamed =
      targets.length > 0 || namesServer(command, options) || options.config !== undefined || saved.length === 0;
    const servers = isNamed ? await serversOf(targets, command, options, io) : equipped(saved.map(toConfig), options);
    if (resume !== undefined && content !== undefined && !isNamed)
      await allowServers(resume, content, io, options.json === true);
    const session = new SavedSession(io, servers, content, save);
    if (save !== undefined && !isSame(save, resume, io)) session.#release = session.#reserve(save);
    if (resume !== undefined && content !== undefined) io.stderr.write(`mcp-dbg: ${resumedText(resume, content)}\n`);
    for (const missing of missingValues(saved, servers)) io.stderr.write(`mcp-dbg: ${missing}\n`);
    return session;
  }

  private constructor(
    io: Io,
    servers: readonly ServerConfig[],
    resumed: SessionContent | undefined,
    file: string | undefined,
  ) {
    this.#io = io;
    this.servers = servers;
    this.#resumed = resumed;
    this.#file = file;
    this.#model = resumed?.model ?? null;
    this.#kept = resumed?.turns.length ?? 0;
  }

  /** The conversation to start with, as this model can have it. Says on stderr when that costs something. */
  turnsFor(model: Model | undefined): readonly Turn[] {
    if (this.#resumed === undefined) return [];
    const { model: before, turns } = this.#resumed;
    if (model === undefined || model.name === before) return turns;
    if (before !== null) {
      this.#io.stderr.write(
        `mcp-dbg: saved with the model ${visible(before)}, goes on with ${visible(model.name)}: it gets all texts and calls, but not the thinking behind them\n`,
      );
    }
    return forAnotherModel(turns);
  }

  /** The file that the chat is kept in, as the person named it. */
  get file(): string | undefined {
    return this.#file;
  }

  /** Saves this session from now on. `warn` is told, once, why that is not possible. */
  follow(session: Session, warn: (message: string) => void): void {
    this.#session = session;
    this.#warn = warn;
  }

  /** Saves where a file is named. Never throws: what was saved before stays, and the person is told. */
  keep(): void {
    if (this.#file === undefined || this.#session === undefined) return;
    const { length } = this.#session.turns;
    // A conversation that was cleared stays in the file until there is another one.
    if (length === 0 && this.#kept > 0) return;
    try {
      this.#write(this.#file);
      this.#kept = length;
      this.#failure = '';
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (message !== this.#failure) this.#warn(`${message} (the chat goes on; what was saved before is still there)`);
      this.#failure = message;
    }
  }

  /**
   * Saves now, and from then on after every query into this file. Without a file, into the one in use. Gives the file.
   * Throws CliError (`USAGE` where no file is named, `FILE_EXISTS`, `NOT_A_FILE`, `NOT_FOUND`, `UNAVAILABLE`).
   */
  save(file: string | undefined = this.#file): string {
    if (file === undefined || this.#session === undefined) throw new CliError('USAGE', 'Name the file to save into');
    if (isSame(file, this.#file, this.#io)) {
      this.#write(file);
    } else {
      this.#reserve(file);
      this[Symbol.dispose]();
    }
    this.#file = file;
    this.#failure = '';
    return file;
  }

  /** Leaves no file behind where nothing was saved. */
  [Symbol.dispose](): void {
    this.#release();
    this.#release = () => {};
  }

  #write(file: string): void {
    prefixFailure(`Cannot save the session to ${JSON.stringify(file)}`, () =>
      writePrivateFile(resolve(this.#io.cwd, file), this.#text()),
    );
    this.#release = () => {};
  }

  #reserve(file: string): () => void {
    return prefixFailure(`Cannot save the session to ${JSON.stringify(file)}`, () =>
      reserveFile(resolve(this.#io.cwd, file), this.#text()),
    );
  }

  /** The servers of now: some may have been added or stopped since the chat began. */
  #savedServers(): readonly SavedServer[] {
    const configs = this.#session?.servers.map(({ config }) => config) ?? this.servers;
    const before = this.#resumed?.servers ?? [];
    return configs.map((config) => toSaved(config, before, this.#io.cwd));
  }

  #text(): string {
    this.#model = this.#session?.model?.name ?? this.#model;
    const servers = this.#savedServers();
    const seal = sealOf(servers, this.#io);
    const text = sessionText({
      savedAt: new Date().toISOString(),
      model: this.#model,
      servers,
      ...(seal !== undefined && { seal }),
      turns: this.#session?.turns ?? this.#resumed?.turns ?? [],
    });
    const bytes = Buffer.byteLength(text);
    if (bytes <= MAX_SESSION_BYTES) return text;
    const why = `it has ${bytes} bytes, and ${MAX_SESSION_BYTES} are the limit; /clear begins anew`;
    throw new CliError('UNAVAILABLE', why);
  }
}

function isSame(one: string, other: string | undefined, { cwd }: Io): boolean {
  return other !== undefined && resolve(cwd, one) === resolve(cwd, other);
}
