import { readFile } from 'node:fs/promises';
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
  if (wanted?.startsWith('script:') === true) return await loadScript(wanted.slice('script:'.length), io);
  const { anthropicModel, anthropicSettings } = await import('@mcp-dbg/core/anthropic');
  const settings = anthropicSettings(io.env, await readDotenv(io.cwd));
  const model = wanted ?? settings?.model ?? io.env['MCP_DBG_MODEL'];
  if (wanted === undefined && model !== undefined && (model === 'manual' || model.startsWith('script:'))) {
    return await chooseModel(model, io);
  }
  if (settings === undefined) {
    if (model === undefined) return undefined;
    throw new ModelError('CREDENTIALS', `The model ${JSON.stringify(model)} needs credentials; set ANTHROPIC_API_KEY, or ANTHROPIC_BASE_URL for a server of your own`);
  }
  return anthropicModel({ ...settings, ...(model !== undefined && { model }) });
}

async function loadScript(file: string, io: Io): Promise<ChosenModel> {
  const { parseScript, scriptModel } = await import('@mcp-dbg/core/script');
  let text: string;
  try {
    text = await readFile(resolve(io.cwd, file), 'utf8');
  } catch (error) {
    throw new ModelError('SCRIPT', `Cannot read the script ${JSON.stringify(file)}: ${reason(error)}`, { cause: error });
  }
  return await scriptModel({ script: parseScript(text), source: basename(file) });
}

async function readDotenv(folder: string): Promise<string | undefined> {
  try {
    return await readFile(join(folder, '.env'), 'utf8');
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
