import { HOST_IDS, type HostId } from '../config/hosts.ts';

/** A program whose config files can be changed. */
export type Client = Exclude<HostId, 'plain'>;

export const CLIENTS: readonly Client[] = HOST_IDS.filter((id): id is Client => id !== 'plain');

/** Whose an entry is: the person's, the person's for one project, or one that came with a project. */
export type Scope = 'user' | 'local' | 'project';

export const SCOPES: readonly Scope[] = ['user', 'local', 'project'];
