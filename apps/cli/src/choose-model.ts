import { readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';

import { type Model, ModelError } from '@mcp-dbg/core';

import type { Io } from './io.ts';

/** A model and what must be closed with it; no model means that the person is the model. */
export type ChosenModel = (Model & Partial<AsyncDisposable>) | undefined;

/**
 * Chooses the model: `--model`, else MCP_DBG_MODEL, else Anthropic where there are credentials or a base URL, else
 * none. `script:FILE` is the script model, `manual` none. Throws ModelError.
 */
export async function chooseModel(wanted: string | undefined, io: Io): Promise<ChosenModel> {
  if (wanted === 'manual') return undefined;
  const dotenv = await readDotenv(io.cwd);
  const { anthropicModel, anthropicSettings, chosenModel } = await import('@mcp-dbg/core/anthropic');
  const model = wanted ?? chosenModel(io.env, dotenv);
  if (model === 'manual') return undefined;
  if (model?.startsWith('script:') === true) return await loadScript(model.slice('script:'.length), io);
  const settings = anthropicSettings(io.env, dotenv);
  if (settings !== undefined) return anthropicModel({ ...settings, ...(model !== undefined && { model }) });
  if (model === undefined) return undefined;
  throw new ModelError(
    'CREDENTIALS',
    `The model ${JSON.stringify(model)} needs credentials; set ANTHROPIC_API_KEY, or ANTHROPIC_BASE_URL for a server of your own`,
  );
}

async function loadScript(file: string, io: Io): Promise<ChosenModel> {
  const { parseScript, scriptModel } = await import('@mcp-dbg/core/script');
  let text: string;
  try {
    text = await readFile(resolve(io.cwd, file), 'utf8');
  } catch (error) {
    throw new ModelError('SCRIPT', `Cannot read the script ${JSON.stringify(file)}: ${reason(error)}`, {
      cause: error,
    });
  }
  return await scriptModel({ script: parseScript(text), source: basename(file) });
}

/** What a `.env` may be: a small file, for a pipe or a device in a stranger's folder would hang us or fill us up. */
const MAX_DOTENV_BYTES = 1024 * 1024;

async function readDotenv(folder: string): Promise<string | undefined> {
  const path = join(folder, '.env');
  try {
    const status = await stat(path);
    return status.isFile() && status.size <= MAX_DOTENV_BYTES ? await readFile(path, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}

function reason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EISDIR') return 'it is a folder';
  return error instanceof Error ? error.message : String(error);
}
