// What a chat is made of, in one piece: loaded when there is something to talk to.

export { ApprovalsFile } from '../approvals/approvals-file.ts';
export { Approvals } from './approval.ts';
export { Chat } from './chat.ts';
export { completionWorld } from './completion-world.ts';
export { completions } from './completions.ts';
export { Dialogue } from './dialogue.ts';
export { TextView } from './text-view.ts';
